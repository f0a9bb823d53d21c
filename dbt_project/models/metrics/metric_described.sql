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

coverage_of_returns as (

    select * from {{ ref('coverage_of_returns') }}

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
        definitions.audience,
        definitions.is_numerator_personal,
        -- a volume that a rate needs is divided by people, whatever shares of the target are
        definitions.is_denominator_personal
        or rows_of_metrics.breakdown_value in ('starts_needed', 'referrals_needed') as is_denominator_personal,
        coalesce(coverage_of_returns.returns_expected, coverage_summary.returns_expected) as returns_expected,
        coalesce(coverage_of_returns.returns_current, coverage_summary.returns_current) as returns_current,
        coalesce(coverage_of_returns.returns_carried, coverage_summary.returns_carried) as returns_carried,
        areas.area_vintage,
        build.as_at,
        build.is_synthetic,
        nullif(
            concat_ws(
                ' ',
                definitions.caveat,
                rows_of_metrics.caveat,
                case when areas.is_approximate then 'An approximate area: its bounds are not those of any official code.' end
            ),
            ''
        ) as full_caveat

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
    left join coverage_of_returns
        on
            rows_of_metrics.metric_id in ('M29', 'M30')
            and rows_of_metrics.breakdown_value = coverage_of_returns.return_id
            and rows_of_metrics.period_start = coverage_of_returns.period_start
            and rows_of_metrics.period_end = coverage_of_returns.period_end
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
    exact_value,
    days_to_mature,
    bound_lower,
    bound_upper,
    contributors,
    is_numerator_personal,
    is_denominator_personal,
    is_published_figure,
    is_synthetic,
    as_at,
    returns_expected,
    returns_current,
    returns_carried,
    source_grain,
    audience,
    full_caveat as caveat

from defined
