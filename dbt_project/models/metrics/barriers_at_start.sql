with

at_start as (

    select * from {{ ref('barriers') }}
    where stage_code = 'start'

)

-- A barrier that nobody could name shows that somebody asked, and counts for none.
select
    programme_id,
    person_no,
    count(case when barrier_code <> 'unknown' then 1 end) as barriers

from at_start
group by programme_id, person_no
