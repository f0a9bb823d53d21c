with

described as (

    select * from {{ ref('metric_described') }}

)

select
    metric_id,
    unit,
    programme_id,
    area_code,
    area_vintage,
    breakdown_type,
    breakdown_value,
    cohort_quarter,
    period_start,
    period_end,
    numerator,
    denominator,
    factor,
    cast(
        case
            when exact_value is not null then exact_value
            when unit in ('rate', 'share', 'ratio') then {{ rounded_value(6) }}
            when unit in ('gbp', 'hours') then {{ rounded_value(2) }}
            else {{ rounded_value(0) }}
        end as decimal(18, 6)
    ) as value,
    bound_lower,
    bound_upper,
    contributors,
    is_numerator_personal,
    is_denominator_personal,
    is_published_figure,
    -- from the day on which the last event of the period can have happened
    case
        when is_published_figure or source_grain = 'reference' then 'final'
        when period_end + days_to_mature * interval '1 day' > as_at - interval '90 days' then 'provisional'
        when period_end + days_to_mature * interval '1 day' > as_at - interval '365 days' then 'near_final'
        else 'final'
    end as maturity,
    returns_expected,
    returns_current,
    returns_carried,
    source_grain,
    case
        when is_published_figure then source_grain
        when is_synthetic then 'synthetic'
        else 'computed'
    end as figure_origin,
    audience,
    caveat

from described
order by
    metric_id,
    programme_id,
    area_code,
    breakdown_type,
    breakdown_value,
    cohort_quarter,
    period_start,
    period_end
