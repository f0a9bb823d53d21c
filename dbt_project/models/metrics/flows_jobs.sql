with

jobs as (

    select jobs.*

    from {{ ref('jobs') }} as jobs
    inner join {{ ref('coverage') }} as coverage
        on
            jobs.programme_id = coverage.programme_id
            and jobs.return_id = coverage.return_id
            and coverage.count_code = 'evidenced_jobs'
            and coverage.source_grain = 'record'
            and coverage.is_authoritative

),

graded as (

    select
        'M08' as metric_id,
        jobs.*

    from jobs
    where jobs.is_evidenced

    union all

    select
        'M09' as metric_id,
        jobs.*

    from jobs

),

dated as (

    select
        *,
        cast(date_trunc('month', job_start_date) as date) as flow_start

    from graded

)

select
    metric_id,
    programme_id,
    area_code,
    case
        when grouping(sex_code) = 0 then 'sex'
        when grouping(age_band_code) = 0 then 'age_band'
        else 'all'
    end as breakdown_type,
    coalesce(sex_code, age_band_code, 'all') as breakdown_value,
    flow_start,
    count(*) as events,
    -- claims of a job that another programme of the family counts: out of the family's total
    count(case when not is_counted_in_region then 1 end) as shared_claims

from dated
group by
    grouping sets (
        (metric_id, programme_id, area_code, flow_start),
        (metric_id, programme_id, area_code, flow_start, sex_code),
        (metric_id, programme_id, area_code, flow_start, age_band_code)
    )
