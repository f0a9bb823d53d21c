with

jobs as (

    select * from {{ ref('jobs') }}

),

programmes as (

    select distinct
        programme_id,
        area_code,
        observed_to

    from {{ ref('windows') }}
    where not is_parent_level

),

claimed as (

    select
        programme_id,
        cast(date_trunc('quarter', job_start_date) as date) as period_start,
        count(*) as claimed_jobs,
        count(case when is_evidenced and evidence_date <= job_start_date + interval '90 days' then 1 end)
            as evidenced_jobs

    from jobs
    group by programme_id, cast(date_trunc('quarter', job_start_date) as date)

),

-- Only quarters whose every job has been observed for 90 days by the last day reported.
matured as (

    select
        claimed.*,
        programmes.area_code,
        cast(claimed.period_start + interval '3 months' - interval '1 day' as date) as period_end

    from claimed
    inner join programmes on claimed.programme_id = programmes.programme_id
    where claimed.period_start + interval '3 months' - interval '1 day' <= programmes.observed_to - interval '90 days'

)

select
    {{ metric_row(
        "'M10'",
        cohort_quarter=quarter_label('period_start'),
        days_to_mature='90',
        numerator='evidenced_jobs',
        denominator='claimed_jobs',
        contributors='evidenced_jobs',
    ) }}

from matured
