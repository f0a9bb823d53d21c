with

windows as (

    select * from {{ ref('area_windows') }}

),

-- Each span is followed to its end (the first evidenced job of a start, the check point at which somebody
-- was found to have left a job), else to the last day reported or watched: longer than that nobody has been.
-- A job that two programmes of a family claim is one job of the family.
followed as (

    select
        spans.span_type,
        windows.programme_id,
        windows.area_code,
        windows.period_type,
        windows.period_start,
        windows.period_end,
        spans.spans,
        coalesce(spans.ended_on <= windows.observed_to, false) as is_ended,
        least(coalesce(spans.ended_on, spans.watched_to, windows.observed_to), windows.observed_to)
        - spans.start_date as days

    from {{ ref('survival_spans') }} as spans
    inner join windows
        on
            spans.programme_id = windows.part_programme_id
            and windows.member_area_code in ('all', spans.area_code)
            and spans.start_date between windows.period_start and windows.period_end
            and spans.start_date <= windows.observed_to
            and (spans.is_counted_in_region or not windows.is_parent_level)
    -- how long it takes people of no known area says nothing of any area
    where windows.member_area_code <> 'unknown'

),

by_day as (

    select
        span_type,
        programme_id,
        area_code,
        period_type,
        period_start,
        period_end,
        cast(days as integer) as days,
        sum(case when is_ended then spans else 0 end) as ended,
        sum(spans) as leaving

    from followed
    group by span_type, programme_id, area_code, period_type, period_start, period_end, days

),

-- At risk on a day are all who were watched that long and had not come to their end before it.
at_risk as (

    select
        *,
        sum(leaving) over (
            partition by span_type, programme_id, area_code, period_type, period_start
            order by days desc
            rows between unbounded preceding and current row
        ) as at_risk

    from by_day

),

-- The product of the daily chances of going on, as a sum of logarithms; nothing is left of it once
-- everybody at risk has come to the end. Greenwood's sum gives its variance.
steps as (

    select
        *,
        case when ended < at_risk then ln(1 - cast(ended as double) / at_risk) else 0 end as log_step,
        case when ended < at_risk then cast(ended as double) / (cast(at_risk as double) * (at_risk - ended)) else 0 end
            as variance_step,
        case when ended = at_risk then 1 else 0 end as is_last_step

    from at_risk

),

{% set so_far = "over (partition by span_type, programme_id, area_code, period_type, period_start
            order by days rows between unbounded preceding and current row)" -%}

running as (

    select
        *,
        sum(log_step) {{ so_far }} as log_left,
        sum(variance_step) {{ so_far }} as greenwood_sum,
        max(is_last_step) {{ so_far }} as is_exhausted

    from steps

)

select
    span_type,
    programme_id,
    area_code,
    period_type,
    days,
    cast(ended as bigint) as ended,
    cast(leaving as bigint) as leaving,
    cast(at_risk as bigint) as at_risk,
    -- rounded, so that what logarithms leave in the last digit is the same on every engine
    case when is_exhausted = 1 then 0 else round(exp(log_left), 12) end as share_left,
    round(greenwood_sum, 15) as greenwood_sum,
    period_start,
    period_end

from running
