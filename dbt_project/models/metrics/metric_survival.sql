with

{% set smallest_base = 30 -%}
{% set smallest_side = 10 -%}

-- Where a programme of the region names nobody, its people are not among those followed.
absences as (

    select
        programme_id,
        case entity when 'starts' then 'start_to_job' else 'time_in_work' end as span_type,
        absence_caveat

    from {{ ref('region_absences') }}
    where entity in ('starts', 'jobs')

),

shares as (

    select
        points.*,
        case when points.span_type = 'start_to_job' then 'M13' when points.weeks = 13 then 'M15' else 'M16' end as metric_id,
        -- a whole's less its other parts' would tell a small part's: hidden together
        least(points.reached, coalesce(smallest_parts.reached, points.reached)) as fewest_reached,
        points.at_risk >= {{ smallest_base }} as is_enough,
        absences.absence_caveat

    from {{ ref('survival_points') }} as points
    left join absences on points.programme_id = absences.programme_id and points.span_type = absences.span_type
    left join {{ ref('survival_parts') }} as smallest_parts
        on
            points.span_type = smallest_parts.span_type
            and points.programme_id = smallest_parts.programme_id
            and points.area_code = smallest_parts.area_code
            and points.period_type = smallest_parts.period_type
            and points.period_start = smallest_parts.period_start
            and points.weeks = smallest_parts.weeks

),

running as (

    select
        *,
        -- a half is a half, whatever logarithms make of it
        share_left < 0.5 + 0.000000001 as is_past_half,
        sum(ended) over (
            partition by span_type, programme_id, area_code, period_type, period_start order by days
        ) as ended_so_far

    from {{ ref('survival_days') }}

),

halves as (

    select
        span_type,
        programme_id,
        area_code,
        period_type,
        period_start,
        period_end,
        sum(ended) as ended,
        min(case when is_past_half then days end) as median_days,
        min(case when is_past_half then ended_so_far end) as ended_by_then,
        max(case when is_past_half then at_risk - leaving end) as going_on

    from running
    group by span_type, programme_id, area_code, period_type, period_start, period_end

),

medians as (

    select
        halves.*,
        -- a median needs people on both sides of it
        halves.ended >= {{ smallest_base }}
        and halves.ended_by_then >= {{ smallest_side }}
        and halves.going_on >= {{ smallest_side }} as is_enough,
        absences.absence_caveat

    from halves
    left join absences on halves.programme_id = absences.programme_id and halves.span_type = absences.span_type

)

{% set cohort = "case when period_type = 'quarter' then " ~ quarter_label('period_start') ~ " else 'all' end" -%}

select
    {{ metric_row(
        'metric_id',
        breakdown_type="'weeks'",
        breakdown_value='cast(weeks as string)',
        cohort_quarter=cohort,
        numerator='case when is_enough then share_reached * effective_members end',
        denominator='case when is_enough then effective_members end',
        exact_value='case when is_enough then share_reached end',
        contributors='case when is_enough then fewest_reached end',
        days_to_mature='7 * weeks',
        caveat='absence_caveat',
    ) }}

from shares

union all

select
    {{ metric_row(
        "case span_type when 'start_to_job' then 'M14' else 'M16' end",
        breakdown_type="case span_type when 'start_to_job' then 'all' else 'measure' end",
        breakdown_value="case span_type when 'start_to_job' then 'all' else 'median_days' end",
        cohort_quarter=cohort,
        numerator='case when is_enough then median_days end',
        contributors='case when is_enough then ended end',
        unit="'days'",
        days_to_mature='364',
        caveat='absence_caveat',
    ) }}

from medians
where span_type = 'start_to_job' or median_days is not null
