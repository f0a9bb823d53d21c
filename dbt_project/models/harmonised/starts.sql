with

starts as (

    select * from {{ ref('stg_returns__starts') }}

),

participants as (

    select * from {{ ref('participants') }}

),

programmes as (

    select * from {{ ref('programmes') }}

),

submissions as (

    select * from {{ ref('submissions') }}

),

described as (

    select
        starts.*,
        participants.person_no,
        participants.area_code,
        participants.sex_code,
        participants.age_band_code,
        participants.ethnic5_code,
        participants.disability_code,
        participants.cohort_code,
        participants.imd_decile,
        {% for column in ['is_authoritative', 'is_first_of_grain'] -%}
            bool_or(coalesce(coverage.{{ column }}, false)) over (
                partition by participants.person_no, starts.programme_id, starts.start_date
            ) as {{ column }},
        {% endfor -%}
        -- one person, programme and first day are one spell, however often it is stated
        row_number() over (
            partition by participants.person_no, starts.programme_id, starts.start_date
            order by submissions.last_period_end desc, starts.return_id asc, starts.source_sheet asc, starts.source_row asc
        ) as statement_no

    from starts
    inner join participants
        on starts.record_key = participants.record_key and starts.programme_id = participants.programme_id
    left join submissions on starts.submission_id = submissions.submission_id
    left join {{ ref('coverage') }} as coverage
        on
            starts.return_id = coverage.return_id
            and starts.programme_id = coverage.programme_id
            and cast(date_trunc('month', starts.start_date) as date) = coverage.month_start
            and coverage.count_code = 'starts'
            and coverage.source_grain = 'record'

),

spells as (

    select
        *,
        row_number() over (partition by person_no, programme_id order by start_date) as spell_no,
        min(start_date) over (partition by person_no, programme_id) as entry_start_date,
        -- the last exit; none while any spell is open
        case
            when
                count(*) over (partition by person_no, programme_id)
                = count(end_date) over (partition by person_no, programme_id)
                then max(end_date) over (partition by person_no, programme_id)
        end as entry_end_date

    from described
    where statement_no = 1 and is_first_of_grain

)

select
    spells.return_id,
    spells.source_sheet,
    spells.source_row,
    spells.programme_id,
    spells.person_no,
    spells.area_code,
    spells.sex_code,
    spells.age_band_code,
    spells.ethnic5_code,
    spells.disability_code,
    spells.cohort_code,
    coalesce(spells.employment_status_code, 'unknown') as employment_status_code,
    coalesce(spells.inactivity_reason_code, 'unknown') as inactivity_reason_code,
    spells.end_reason_code,
    spells.imd_decile,
    cast(spells.spell_no as integer) as spell_no,
    spells.spell_no = 1 as is_first_spell,
    -- a spell of months that the partner counts is counted there, and makes a later one a re-entry all the same
    spells.is_authoritative and (spells.spell_no = 1 or programmes.entry_rule = 'spell') as is_counted_start,
    coalesce(spells.is_barriers_assessed, false) as is_barriers_assessed,
    spells.start_date,
    spells.end_date,
    spells.entry_start_date,
    spells.entry_end_date

from spells
inner join programmes on spells.programme_id = programmes.programme_id
