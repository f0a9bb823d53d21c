with

definitions as (

    select * from {{ ref('codes') }}
    where code_list = 'outcome_definition'

),

targets as (

    select
        targets.*,
        case targets.target_code when 'engaged' then 'M04' when 'jobs' then 'M08' end as metric_id,
        12 * (extract(year from targets.period_end) - extract(year from targets.period_start))
        + extract(month from targets.period_end) - extract(month from targets.period_start) + 1 as months_in_target,
        case
            when targets.definition_code is null then 'The target does not say what it counts (C09).'
            when targets.definition_code <> targets.metric_definition_code
                then concat('The target counts "', own.label, '", the metric "', metric.label, '" (C09).')
        end as definition_caveat

    from {{ ref('targets') }} as targets
    left join definitions as own on targets.definition_code = own.code
    left join definitions as metric on targets.metric_definition_code = metric.code

),

-- The metric so far inside the period of the target.
windows as (

    select * from {{ ref('reporting_periods') }}
    where period_type = 'year'

),

so_far as (

    select
        targets.*,
        windows.period_end as observed_end,
        12 * (extract(year from windows.period_end) - extract(year from targets.period_start))
        + extract(month from windows.period_end) - extract(month from targets.period_start) + 1 as months_so_far,
        achieved.numerator as achieved,
        achieved.source_grain,
        starts.numerator as starts,
        referrals.numerator as referrals

    from targets
    inner join windows
        on
            targets.programme_id = windows.programme_id
            and targets.period_start = windows.period_start
            and targets.period_end >= windows.period_end
    {% for alias, metric_id in [('achieved', 'targets.metric_id'), ('starts', "'M04'"), ('referrals', "'M01'")] -%}
        left join {{ ref('metric_events') }} as {{ alias }}
            on
                {{ alias }}.metric_id = {{ metric_id }}
                and {{ alias }}.breakdown_type = 'all'
                and targets.programme_id = {{ alias }}.programme_id
                and targets.area_code = {{ alias }}.area_code
                and windows.period_start = {{ alias }}.period_start
                and windows.period_end = {{ alias }}.period_end
    {% endfor %}

)

select
    {{ metric_row("'M34'", breakdown_type="'target'", breakdown_value='target_code', numerator='achieved',
        denominator='target_value', contributors='achieved', source_grain='source_grain',
        caveat='definition_caveat') }}
from so_far
where achieved is not null

union all

select
    {{ metric_row("'M34'", breakdown_type="'target'", breakdown_value="'starts_needed'", numerator='starts',
        denominator='achieved', factor='target_value', contributors='achieved', unit="'participations'",
        source_grain='source_grain', caveat='definition_caveat') }}
from so_far
where target_code = 'jobs' and achieved > 0 and starts is not null

union all

select
    {{ metric_row("'M34'", breakdown_type="'target'", breakdown_value="'referrals_needed'", numerator='referrals',
        denominator='achieved', factor='target_value', contributors='achieved', unit="'referrals'",
        source_grain='source_grain', caveat='definition_caveat') }}
from so_far
where target_code = 'jobs' and achieved > 0 and referrals is not null

union all

-- the target due by now is target × months so far ÷ months: kept in whole numbers on both sides
select
    {{ metric_row("'M26'", breakdown_type="'target'", breakdown_value='target_code', numerator='achieved',
        period_end='observed_end', denominator='target_value * months_so_far', factor='months_in_target',
        contributors='achieved', source_grain='source_grain', caveat='definition_caveat') }}
from so_far
where achieved is not null
