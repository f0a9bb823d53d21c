with

named as (

    select * from {{ ref('barriers') }}
    where stage_code = 'start' and barrier_code <> 'unknown'

)

select
    programme_id,
    person_no,
    count(distinct barrier_code) as barriers

from named
group by programme_id, person_no
