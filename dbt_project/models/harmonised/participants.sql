with

participants as (

    select * from {{ ref('stg_returns__participants') }}

),

areas_current as (

    select * from {{ ref('areas_current') }}

),

people as (

    select
        person_key,
        {{ any_number('person_key') }} as person_no -- any will do: joins of numbers are quick

    from {{ ref('stg_control__person_links') }}
    group by person_key

),

restated as (

    select
        record_key,
        programme_id

    from participants
    group by record_key, programme_id
    having count(*) > 1

),

-- A return that sends a file a period states a participant again and again. The newest statement that
-- knows the person's age and sex stands. Only participants stated more than once are ranked.
ranked as (

    select
        participants.*,
        row_number() over (
            partition by participants.record_key, participants.programme_id
            order by
                case when coalesce(participants.age_band_code, 'unknown') = 'unknown' then 1 else 0 end,
                case when coalesce(participants.sex_code, 'unknown') = 'unknown' then 1 else 0 end,
                submissions.last_period_end desc,
                participants.return_id asc,
                participants.source_sheet asc,
                participants.source_row asc
        ) as statement_no

    from participants
    inner join restated
        on participants.record_key = restated.record_key and participants.programme_id = restated.programme_id
    left join {{ ref('submissions') }} as submissions on participants.submission_id = submissions.submission_id

),

newest as (

    select
        participants.*,
        1 as statement_no

    from participants
    left join restated
        on participants.record_key = restated.record_key and participants.programme_id = restated.programme_id
    where restated.record_key is null

    union all

    select * from ranked
    where statement_no = 1

)

select
    newest.return_id,
    newest.programme_id,
    newest.record_key,
    people.person_no,
    coalesce(newest.sex_code, 'unknown') as sex_code,
    coalesce(newest.age_band_code, 'unknown') as age_band_code,
    newest.is_aged_16_to_30,
    coalesce(newest.ethnic_group_code, 'unknown') as ethnic_group_code,
    {{ ethnic5_code('newest.ethnic_group_code') }} as ethnic5_code,
    coalesce(newest.disability_code, 'unknown') as disability_code,
    coalesce(areas_current.current_area_code, 'unknown') as area_code,
    coalesce(newest.cohort_code, 'unknown') as cohort_code,
    newest.imd_decile,
    newest.imd_year

from newest
inner join {{ ref('stg_control__person_links') }} as person_links on newest.record_key = person_links.record_key
inner join people on person_links.person_key = people.person_key
left join areas_current on newest.area_code = areas_current.area_code
