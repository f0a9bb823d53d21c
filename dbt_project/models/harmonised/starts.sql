with

starts as (

    select * from {{ ref('stg_returns__starts') }}

),

participants as (

    select * from {{ ref('participants') }}

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
        submissions.last_period_end,
        coalesce(coverage.is_authoritative, false) as is_authoritative,
        coalesce(coverage.is_first_of_grain, false) as is_first_of_grain

    from starts
    inner join participants
        on starts.record_key = participants.record_key and starts.programme_id = participants.programme_id
    left join {{ ref('submissions') }} as submissions on starts.submission_id = submissions.submission_id
    left join {{ ref('coverage') }} as coverage
        on
            starts.return_id = coverage.return_id
            and starts.programme_id = coverage.programme_id
            and cast(date_trunc('month', starts.start_date) as date) = coverage.month_start
            and coverage.count_code = 'starts'
            and coverage.source_grain = 'record'

),

-- one person, programme and first day are one spell, however often it is stated
{{ newest_statements(
    'described', ['person_no', 'programme_id', 'start_date'], any_of=['is_authoritative', 'is_first_of_grain']
) }},

spells as (

    select * from newest
    where any_is_first_of_grain

),

entries as (

    select
        person_no,
        programme_id,
        min(start_date) as entry_start_date,
        -- the last exit; none while any spell is open
        case when count(*) = count(end_date) then max(end_date) end as entry_end_date

    from spells
    group by person_no, programme_id

),

reentries as (

    select
        spells.person_no,
        spells.programme_id,
        spells.start_date,
        1 + row_number() over (partition by spells.person_no, spells.programme_id order by spells.start_date) as spell_no

    from spells
    inner join entries
        on
            spells.person_no = entries.person_no
            and spells.programme_id = entries.programme_id
            and spells.start_date > entries.entry_start_date

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
    cast(coalesce(reentries.spell_no, 1) as integer) as spell_no,
    reentries.spell_no is null as is_first_spell,
    -- a spell of months that the partner counts is counted there, and makes a later one a re-entry all the same
    spells.any_is_authoritative and (reentries.spell_no is null or programmes.entry_rule = 'spell') as is_counted_start,
    coalesce(spells.is_barriers_assessed, false) as is_barriers_assessed,
    spells.start_date,
    spells.end_date,
    entries.entry_start_date,
    entries.entry_end_date

from spells
inner join {{ ref('programmes') }} as programmes on spells.programme_id = programmes.programme_id
inner join entries on spells.person_no = entries.person_no and spells.programme_id = entries.programme_id
left join reentries
    on
        spells.person_no = reentries.person_no
        and spells.programme_id = reentries.programme_id
        and spells.start_date = reentries.start_date
