with

counts as (

    select * from {{ ref('metric_events') }}
    where breakdown_type in ('all', 'sex', 'age_band', 'ethnic5', 'disability', 'cohort', 'referral_source')

    union all

    select * from {{ ref('metric_people') }}

),

definitions as (

    select * from {{ ref('metric_definitions') }}
    where value_kind in ('rate', 'ratio') and numerator_metric_id is not null and denominator_metric_id is not null

),

reporting_periods as (

    select * from {{ ref('reporting_periods') }}
    where period_type <> 'quarter'

),

parts as (

    select
        definitions.metric_id,
        numerators.programme_id,
        numerators.area_code,
        numerators.breakdown_type,
        numerators.breakdown_value,
        numerators.period_start,
        numerators.period_end,
        numerators.source_grain,
        -- both parts or neither: a rate of an interval has no single value
        case when denominators.numerator is not null then numerators.numerator end as numerator,
        case when numerators.numerator is not null then denominators.numerator end as denominator

    from definitions
    inner join counts as numerators on definitions.numerator_metric_id = numerators.metric_id
    inner join counts as denominators
        on
            definitions.denominator_metric_id = denominators.metric_id
            and numerators.programme_id = denominators.programme_id
            and numerators.area_code = denominators.area_code
            and numerators.breakdown_type = denominators.breakdown_type
            and numerators.breakdown_value = denominators.breakdown_value
            and numerators.period_start = denominators.period_start
            and numerators.period_end = denominators.period_end
    inner join reporting_periods
        on
            numerators.programme_id = reporting_periods.programme_id
            and numerators.period_start = reporting_periods.period_start
            and numerators.period_end = reporting_periods.period_end

)

select
    {{ metric_row(
        metric_id='metric_id',
        breakdown_type='breakdown_type',
        breakdown_value='breakdown_value',
        numerator='numerator',
        denominator='denominator',
        contributors='numerator',
        source_grain='source_grain',
        caveat="case when numerator is null then 'Not available: a part of it is known only as a range.' end",
    ) }}

from parts
