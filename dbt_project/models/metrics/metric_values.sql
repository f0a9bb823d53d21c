with

defined as (

    select
        metric_rows.*,
        coalesce(metric_rows.unit, definitions.unit) as stated_unit,
        case when metric_rows.breakdown_type = 'licensed_stream' then 'steward' else definitions.audience end as audience,
        definitions.is_numerator_personal,
        -- a volume that a rate needs is divided by people, whatever shares of the target are
        definitions.is_denominator_personal
        or metric_rows.breakdown_value in ('starts_needed', 'referrals_needed') as is_denominator_personal,
        coalesce(coverage_of_returns.returns_expected, coverage_summary.returns_expected) as returns_expected,
        coalesce(coverage_of_returns.returns_current, coverage_summary.returns_current) as returns_current,
        coalesce(coverage_of_returns.returns_carried, coverage_summary.returns_carried) as returns_carried,
        areas.area_vintage,
        -- the last event of the period can have happened by then
        metric_rows.period_end + metric_rows.days_to_mature * interval '1 day' as matures_on,
        build.as_at,
        build.is_synthetic,
        nullif(
            concat_ws(
                ' ',
                definitions.caveat,
                metric_rows.caveat,
                case
                    when caseload_coverage.caseload_share < 1
                        then concat(
                            'Current returns cover ',
                            cast(cast(100 * caseload_coverage.caseload_share as integer) as string),
                            '% of the caseload.'
                        )
                end,
                case when areas.is_approximate then 'An approximate area: its bounds are not those of any official code.' end
            ),
            ''
        ) as full_caveat

    from {{ ref('metric_rows') }} as metric_rows
    inner join {{ ref('metric_definitions') }} as definitions on metric_rows.metric_id = definitions.metric_id
    left join {{ ref('areas') }} as areas on metric_rows.area_code = areas.area_code
    left join {{ ref('coverage_summary') }} as coverage_summary
        on
            metric_rows.programme_id = coverage_summary.programme_id
            and metric_rows.period_start = coverage_summary.period_start
            and metric_rows.period_end = coverage_summary.period_end
            -- budget and spend come with other returns than people and events do
            and coverage_summary.is_evidence_of_activity = (metric_rows.metric_id <> 'M33')
    left join {{ ref('caseload_coverage') }} as caseload_coverage
        on
            coverage_summary.is_evidence_of_activity
            and coverage_summary.programme_id = caseload_coverage.programme_id
            and coverage_summary.period_start = caseload_coverage.period_start
            and coverage_summary.period_end = caseload_coverage.period_end
    left join {{ ref('coverage_of_returns') }} as coverage_of_returns
        on
            metric_rows.metric_id in ('M29', 'M30')
            and metric_rows.breakdown_value = coverage_of_returns.return_id
            and metric_rows.period_start = coverage_of_returns.period_start
            and metric_rows.period_end = coverage_of_returns.period_end
    cross join {{ ref('stg_control__build') }} as build

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
            when exact_value is not null then exact_value
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
        when is_published_figure or source_grain = 'reference' then 'final'
        when matures_on > as_at - interval '90 days' then 'provisional'
        when matures_on > as_at - interval '365 days' then 'near_final'
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
