with

totals as (

    select
        *,
        case when value_lower = value_upper then value_lower end as exact_value,
        max(case when measure = 'volunteers' then value_lower end) over (
            partition by programme_id, area_code, period_type, period_start, period_end
        ) as volunteers

    from {{ ref('activity_totals') }}

),

wide as (

    select
        programme_id,
        area_code,
        period_type,
        period_start,
        period_end,
        min(source_grain) as source_grain,
        max(case when measure = 'sessions' then exact_value end) as sessions,
        max(case when measure = 'attendances' then exact_value end) as attendances,
        max(case when measure = 'volunteer_hours' then exact_value end) as volunteer_hours,
        max(volunteers) as volunteers

    from totals
    group by programme_id, area_code, period_type, period_start, period_end

),

valued as (

    select
        wide.*,
        hourly_rates.hourly_rate_gbp

    from wide
    inner join {{ ref('hourly_rates') }} as hourly_rates
        on wide.period_start >= hourly_rates.valid_from and wide.period_end <= hourly_rates.valid_to
    where wide.volunteer_hours is not null and wide.period_type = 'year'

)

select
    {{ metric_row("'M20'", breakdown_type="'measure'", breakdown_value='measure', numerator='exact_value',
        bound_lower='case when exact_value is null then value_lower end',
        bound_upper='case when exact_value is null then value_upper end',
        contributors="case when measure <> 'sessions' then exact_value end",
        unit="case when measure = 'unique_attendees' then 'people' else 'events' end",
        source_grain='source_grain', caveat='absence_caveat') }}
from totals
where measure in ('sessions', 'attendances', 'unique_attendees')

union all

select
    {{ metric_row("'M20'", breakdown_type="'measure'", breakdown_value="'attendances_per_session'",
        numerator='attendances', denominator='sessions', contributors='attendances', unit="'ratio'",
        source_grain='source_grain') }}
from wide
where attendances is not null and sessions > 0

union all

select
    {{ metric_row("'M23'", breakdown_type="'measure'", breakdown_value="'hours'", numerator='exact_value',
        bound_lower='case when exact_value is null then value_lower end',
        bound_upper='case when exact_value is null then value_upper end',
        contributors='volunteers', source_grain='source_grain', caveat='absence_caveat') }}
from totals
where measure = 'volunteer_hours' and period_type <> 'quarter'

union all

select
    {{ metric_row("'M23'", breakdown_type="'measure'", breakdown_value="'value_gbp'",
        numerator='volunteer_hours', factor='hourly_rate_gbp', contributors='volunteers', unit="'gbp'",
        source_grain='source_grain') }}
from valued
