with

ledger as (

    select
        return_id,
        cast(date_trunc('quarter', period_end) as date) as period_start,
        cast(date_trunc('quarter', period_end) + interval '3 months' - interval '1 day' as date) as period_end,
        case when receipt in ('in', 'nil') then 1 else 0 end as is_on_time

    from {{ ref('stg_control__ledger') }}
    where receipt <> 'not_due'

)

select
    {{ metric_row(
        "'M30'",
        programme_id="'all'",
        area_code="'all'",
        breakdown_type="case when grouping(return_id) = 0 then 'return' else 'all' end",
        breakdown_value="coalesce(return_id, 'all')",
        numerator='sum(is_on_time)',
        denominator='count(*)',
        source_grain="'ledger'",
    ) }}

from ledger
group by
    grouping sets (
        (period_start, period_end),
        (period_start, period_end, return_id)
    )
