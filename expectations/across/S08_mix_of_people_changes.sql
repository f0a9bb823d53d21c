-- The mix of people does not change suddenly: population stability index of sex, age or area above 0.25, at least
-- 50 people in both files.
with people as (
    select
        nullif(participants.sex_code, 'unknown') as sex,
        case
            when participants.age_at_reference not between programmes.minimum_age and coalesce(programmes.maximum_age, 200) then null  -- R08 tells them
            when participants.age_at_reference < 25 then '16_24' when participants.age_at_reference < 35 then '25_34'
            when participants.age_at_reference < 50 then '35_49' when participants.age_at_reference < 65 then '50_64'
            when participants.age_at_reference >= 65 then '65_over'
        end as age,
        nullif(participants.area_code, 'unknown') as area
    from participants
    left join programmes on participants.programme_id = programmes.programme_id
),

last_people as (
    select
        nullif(sex_code, 'unknown') as sex,
        nullif(age_band_code, 'unknown') as age,
        nullif(area_code, 'unknown') as area
    from last_participants
),

mix as (
    select
        detail,
        code,
        count(*) as part,
        sum(count(*)) over (partition by detail) as people
    from (unpivot people on sex, age, area into name detail value code)
    group by detail, code
),

last_mix as (
    select
        detail,
        code,
        count(*) as part,
        sum(count(*)) over (partition by detail) as people
    from (unpivot last_people on sex, age, area into name detail value code)
    group by detail, code
),

-- every part of either mix; one that is missing has half a person, for the logarithm
parts as (
    select
        detail,
        code
    from mix
    union
    select
        detail,
        code
    from last_mix
),

compared as (
    select
        parts.detail,
        coalesce(mix.part, 0.5) / max(mix.people) over of_detail as share,
        coalesce(last_mix.part, 0.5) / max(last_mix.people) over of_detail as last_share,
        least(max(mix.people) over of_detail, max(last_mix.people) over of_detail) as people
    from parts
    left join mix on parts.detail = mix.detail and parts.code = mix.code
    left join last_mix on parts.detail = last_mix.detail and parts.code = last_mix.code
    window of_detail as (partition by parts.detail)
),

changed as (
    select detail
    from compared
    where people >= 50
    group by detail
    having sum((share - last_share) * ln(share / last_share)) > 0.25
)

select
    submissions.submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'participants' as entity,
    string_agg(changed.detail, ', ' order by changed.detail) as detail
from changed
cross join submissions
group by submissions.submission_id
