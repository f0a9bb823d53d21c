with

-- The starts that M04 counts, each with the next one of the same person where every spell counts.
starts as (

    select
        programme_id,
        area_code,
        person_no,
        start_date,
        lead(start_date) over (partition by person_no, programme_id order by start_date) as next_start_date

    from {{ ref('starts') }}
    where is_counted_start

),

jobs as (

    select * from {{ ref('jobs') }}
    where is_evidenced

),

-- The first evidenced job of each start: of the same programme, from its first day to the next start.
to_a_job as (

    select
        'start_to_job' as span_type,
        starts.programme_id,
        starts.area_code,
        starts.person_no,
        true as is_counted_in_region,
        starts.start_date,
        min(
            case
                when
                    jobs.job_start_date >= starts.start_date
                    and coalesce(jobs.job_start_date < starts.next_start_date, true)
                    then jobs.job_start_date
            end
        ) as ended_on,
        starts.next_start_date as watched_to

    from starts
    left join jobs on starts.programme_id = jobs.programme_id and starts.person_no = jobs.person_no
    group by starts.programme_id, starts.area_code, starts.person_no, starts.start_date, starts.next_start_date

),

followed as (

    select * from to_a_job

    union all

    select
        'time_in_work' as span_type,
        programme_id,
        area_code,
        person_no,
        is_counted_in_region,
        job_start_date as start_date,
        left_on as ended_on,
        held_to as watched_to

    from {{ ref('time_in_work') }}

)

-- Counted by day: what follows needs no person, and its size no longer depends on how many there are.
select
    span_type,
    programme_id,
    area_code,
    is_counted_in_region,
    start_date,
    ended_on,
    case when ended_on is null then watched_to end as watched_to,
    count(*) as spans

from followed
group by
    span_type,
    programme_id,
    area_code,
    is_counted_in_region,
    start_date,
    ended_on,
    case when ended_on is null then watched_to end
