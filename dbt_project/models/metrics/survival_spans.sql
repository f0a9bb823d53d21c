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

    select
        programme_id,
        person_no,
        job_start_date

    from {{ ref('jobs') }}
    where is_evidenced

),

-- The first evidenced job of each start: of the same programme, from its first day to the next start.
followed as (

    select
        starts.programme_id,
        starts.area_code,
        starts.person_no,
        starts.start_date,
        starts.next_start_date,
        min(
            case
                when
                    jobs.job_start_date >= starts.start_date
                    and coalesce(jobs.job_start_date < starts.next_start_date, true)
                    then jobs.job_start_date
            end
        ) as job_start_date

    from starts
    left join jobs on starts.programme_id = jobs.programme_id and starts.person_no = jobs.person_no
    group by starts.programme_id, starts.area_code, starts.person_no, starts.start_date, starts.next_start_date

)

-- Counted by day: what follows needs no person, and its size no longer depends on how many there are.
select
    programme_id,
    area_code,
    start_date,
    job_start_date,
    case when job_start_date is null then next_start_date end as next_start_date,
    count(*) as participations

from followed
group by programme_id, area_code, start_date, job_start_date, case when job_start_date is null then next_start_date end
