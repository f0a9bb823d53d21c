with

participants as (

    select * from {{ ref('participants') }}

),

in_several as (

    select person_no

    from participants
    group by person_no
    having min(programme_id) <> max(programme_id)

),

people as (

    select
        coalesce(participants.programme_id, 'all') as programme_id,
        count(*) as records,
        count(distinct participants.person_no) as people,
        count(distinct in_several.person_no) as people_elsewhere_too,
        count(case when participants.link_rule in ('nino', 'uln', 'decided') then 1 end) as linked_by_number,
        count(case when participants.link_rule = 'name_birth_postcode' then 1 end) as linked_by_name,
        count(case when participants.link_rule = 'probable' then 1 end) as linked_by_model

    from participants
    left join in_several on participants.person_no = in_several.person_no
    group by grouping sets ((participants.programme_id), ())

),

jobs as (

    select
        coalesce(programme_id, 'all') as programme_id,
        count(*) as evidenced_jobs,
        count(case when is_shared_claim then 1 end) as shared_jobs,
        count(case when is_counted_in_region then 1 end) as jobs_counted_in_region

    from {{ ref('jobs') }}
    where is_evidenced
    group by grouping sets ((programme_id), ())

)

select
    people.programme_id,
    people.records,
    people.people,
    people.people_elsewhere_too,
    people.linked_by_number,
    people.linked_by_name,
    people.linked_by_model,
    coalesce(jobs.evidenced_jobs, 0) as evidenced_jobs,
    coalesce(jobs.shared_jobs, 0) as shared_jobs,
    coalesce(jobs.jobs_counted_in_region, 0) as jobs_counted_in_region

from people
left join jobs on people.programme_id = jobs.programme_id
