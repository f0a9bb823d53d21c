with

windows as (

    select * from {{ ref('area_windows') }}

),

-- Each start is followed to its first evidenced job, else to the last day reported (or to the next
-- start, where every spell counts): longer than that nobody has been watched.
followed as (

    select
        windows.programme_id,
        windows.area_code,
        windows.period_type,
        windows.period_start,
        windows.period_end,
        spans.participations,
        coalesce(spans.job_start_date <= windows.observed_to, false) as is_job,
        least(
            coalesce(spans.job_start_date, spans.next_start_date, windows.observed_to), windows.observed_to
        ) - spans.start_date as days

    from {{ ref('survival_spans') }} as spans
    inner join windows
        on
            spans.programme_id = windows.part_programme_id
            and windows.member_area_code in ('all', spans.area_code)
            and spans.start_date between windows.period_start and windows.period_end
            and spans.start_date <= windows.observed_to
    -- how long people of no known area look for work says nothing of any area
    where windows.member_area_code <> 'unknown'

),

by_day as (

    select
        programme_id,
        area_code,
        period_type,
        period_start,
        period_end,
        cast(days as integer) as days,
        sum(case when is_job then participations else 0 end) as jobs,
        sum(participations) as leaving

    from followed
    group by programme_id, area_code, period_type, period_start, period_end, days

),

-- At risk on a day are all who were watched that long and had no job before it.
at_risk as (

    select
        *,
        sum(leaving) over (
            partition by programme_id, area_code, period_type, period_start
            order by days desc
            rows between unbounded preceding and current row
        ) as at_risk

    from by_day

),

-- The product of the daily chances of having no job yet, as a sum of logarithms; nothing is left of it
-- once everybody at risk has found one. Greenwood's sum gives its variance.
steps as (

    select
        *,
        case when jobs < at_risk then ln(1 - cast(jobs as double) / at_risk) else 0 end as log_step,
        case when jobs < at_risk then cast(jobs as double) / (cast(at_risk as double) * (at_risk - jobs)) else 0 end
            as variance_step,
        case when jobs = at_risk then 1 else 0 end as is_last_step

    from at_risk

),

{% set so_far = "over (partition by programme_id, area_code, period_type, period_start
            order by days rows between unbounded preceding and current row)" -%}

running as (

    select
        *,
        sum(log_step) {{ so_far }} as log_without_job,
        sum(variance_step) {{ so_far }} as greenwood_sum,
        max(is_last_step) {{ so_far }} as is_exhausted

    from steps

)

select
    programme_id,
    area_code,
    period_type,
    days,
    cast(jobs as bigint) as jobs,
    cast(leaving as bigint) as leaving,
    cast(at_risk as bigint) as at_risk,
    -- rounded, so that what logarithms leave in the last digit is the same on every engine
    case when is_exhausted = 1 then 0 else round(exp(log_without_job), 12) end as share_without_job,
    round(greenwood_sum, 15) as greenwood_sum,
    period_start,
    period_end

from running
