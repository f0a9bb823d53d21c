-- The mix of people does not change suddenly: population stability index of sex above 0.25, at least 50 people.
with mix as (
    select
        submission_id,
        sex_code,
        count(*) as part,
        sum(count(*)) over (partition by submission_id) as people
    from participants
    where sex_code in ('female', 'male')
    group by submission_id, sex_code
),

last_mix as (
    select sex_code, count(*) as part, sum(count(*)) over () as people
    from last_participants
    where sex_code in ('female', 'male')
    group by sex_code
)

select
    mix.submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'participants' as entity,
    'sex_code' as column_name,
    'sex' as detail
from mix
inner join last_mix on mix.sex_code = last_mix.sex_code
where mix.people >= 50 and last_mix.people >= 50
group by mix.submission_id
having
    sum(
        (mix.part / mix.people - last_mix.part / last_mix.people)
        * ln((mix.part / mix.people) / (last_mix.part / last_mix.people))
    ) > 0.25
