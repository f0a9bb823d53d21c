with

spend as (

    select * from {{ ref('spend') }}

),

amounts as (

    select
        programme_id,
        area_code,
        theme_code,
        cost_type_code,
        '' as prefix,
        budget_gbp as amount_gbp,
        period_start,
        period_end

    from spend
    where budget_gbp is not null

    union all

    select
        programme_id,
        area_code,
        theme_code,
        cost_type_code,
        'actual_' as prefix,
        actual_gbp as amount_gbp,
        period_start,
        period_end

    from spend
    where actual_gbp is not null

),

summed as (

    select
        programme_id,
        area_code,
        prefix,
        case
            when grouping(theme_code) = 0 then 'theme'
            when grouping(cost_type_code) = 0 then 'cost_type'
            else 'all'
        end as cut,
        coalesce(theme_code, cost_type_code, 'all') as breakdown_value,
        sum(amount_gbp) as amount_gbp,
        period_start,
        period_end

    from amounts
    group by
        grouping sets (
            (programme_id, area_code, prefix, period_start, period_end),
            (programme_id, area_code, prefix, period_start, period_end, theme_code),
            (programme_id, area_code, prefix, period_start, period_end, cost_type_code)
        )

)

-- Budget under its plain name (theme, cost_type, all); spend so far as actual_theme, actual_cost_type
-- and actual_all.
select
    {{ metric_row(
        "'M33'",
        breakdown_type='concat(prefix, cut)',
        breakdown_value='breakdown_value',
        numerator='amount_gbp',
        source_grain="'aggregate'",
    ) }}

from summed
