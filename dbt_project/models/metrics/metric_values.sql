with

rows_of_metrics as (

    select * from {{ ref('metric_rows') }}

),

definitions as (

    select * from {{ ref('metric_definitions') }}

),

coverage_summary as (

    select * from {{ ref('coverage_summary') }}

),

areas as (

    select * from {{ ref('areas') }}

),

build as (

    select * from {{ ref('stg_control__build') }}

),

defined as (

    select
        rows_of_metrics.*,
        coalesce(rows_of_metrics.unit, definitions.unit) as stated_unit,
        definitions.maturity_rule,
        definitions.audience,
        definitions.is_numerator_personal,
        definitions.is_denominator_personal,
        coverage_summary.returns_expected,
        coverage_summary.returns_current,
        coverage_summary.returns_carried,
        areas.area_vintage,
        build.as_at,
        build.is_synthetic,
        nullif(concat_ws(' ', definitions.caveat, rows_of_metrics.caveat), '') as full_caveat

    from rows_of_metrics
    inner join definitions on rows_of_metrics.metric_id = definitions.metric_id
    left join areas on rows_of_metrics.area_code = areas.area_code
    left join coverage_summary
        on
            rows_of_metrics.programme_id = coverage_summary.programme_id
            and rows_of_metrics.period_start = coverage_summary.period_start
            and rows_of_metrics.period_end = coverage_summary.period_end
            -- budget and spend come with other returns than people and events do
            and coverage_summary.is_evidence_of_activity = (rows_of_metrics.metric_id <> 'M33')
    cross join build

)

select
    metric_id,
    stated_unit as unit,
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
            when stated_unit in ('rate', 'share', 'ratio') then {{ rounded_value(6) }}
            when stated_unit in ('gbp', 'hours') then {{ rounded_value(2) }}
            else {{ rounded_value(0) }}
        end as decimal(18, 6)
    ) as value,
    bound_lower,
    bound_upper,
    contributors,
    is_numerator_personal,
    is_denominator_personal,
    is_published_figure,
    case
        when maturity_rule = 'none' then 'not_applicable'
        when period_end > as_at - interval '90 days' then 'provisional'
        when period_end > as_at - interval '365 days' then 'near_final'
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
    full_caveat as caveat

from defined
order by
    metric_id,
    programme_id,
    area_code,
    breakdown_type,
    breakdown_value,
    cohort_quarter,
    period_start,
    period_end
