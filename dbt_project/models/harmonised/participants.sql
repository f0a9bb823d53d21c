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

stated as (

    select
        participants.*,
        submissions.last_period_end

    from participants
    left join {{ ref('submissions') }} as submissions on participants.submission_id = submissions.submission_id

),

-- A return that sends a file a period states a participant again and again. The newest statement that
-- knows the person's age and sex stands.
{{ newest_statements('stated', ['record_key', 'programme_id'], order="
    case when coalesce(age_band_code, 'unknown') = 'unknown' then 1 else 0 end,
    case when coalesce(sex_code, 'unknown') = 'unknown' then 1 else 0 end,
    last_period_end desc, return_id asc, source_sheet asc, source_row asc
") }}

select
    newest.return_id,
    newest.programme_id,
    newest.record_key,
    people.person_no,
    coalesce(person_links.link_rule, 'own') as link_rule,
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
