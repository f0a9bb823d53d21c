-- Every breakdown of referrals, starts and jobs adds to the total of its programme, area and period,
-- and a total cannot lie outside the interval of its parts.
with

totals as (

    select * from {{ ref('totals') }}

),

parts as (

    select
        metric_id,
        programme_id,
        area_code,
        breakdown_type,
        period_type,
        period_start,
        sum(value_lower) as value_lower,
        case when count(value_upper) = count(*) then sum(value_upper) end as value_upper

    from totals
    where breakdown_type <> 'all' and source_grain = 'record'
    group by metric_id, programme_id, area_code, breakdown_type, period_type, period_start

)

select parts.*

from parts
inner join totals
    on
        parts.metric_id = totals.metric_id
        and parts.programme_id = totals.programme_id
        and parts.area_code = totals.area_code
        and parts.period_type = totals.period_type
        and parts.period_start = totals.period_start
where
    totals.breakdown_type = 'all'
    and totals.source_grain = 'record'
    and (parts.value_lower <> totals.value_lower or parts.value_upper <> totals.value_upper)
