with

ledger as (

    select * from {{ ref('stg_control__ledger') }}
    where receipt <> 'not_due'

),

-- The periods of the metrics about returns: quarters, of one return or of all, and all that a return covers.
periods as (

    select
        return_id,
        used,
        cast(date_trunc('quarter', period_end) as date) as period_start,
        cast(date_trunc('quarter', period_end) + interval '3 months' - interval '1 day' as date) as period_end

    from ledger

    union all

    select
        'all' as return_id,
        used,
        cast(date_trunc('quarter', period_end) as date) as period_start,
        cast(date_trunc('quarter', period_end) + interval '3 months' - interval '1 day' as date) as period_end

    from ledger

    union all

    select
        ledger.return_id,
        ledger.used,
        covered.period_start,
        covered.period_end

    from ledger
    inner join {{ ref('metric_completeness') }} as covered
        on ledger.return_id = covered.breakdown_value and ledger.period_end <= covered.period_end
    -- a return that covers a single quarter stands above already
    where
        covered.period_start <> date_trunc('quarter', covered.period_end)
        or covered.period_end <> date_trunc('quarter', covered.period_end) + interval '3 months' - interval '1 day'

)

select
    return_id,
    cast(count(*) as integer) as returns_expected,
    cast(count(case when used = 'current' then 1 end) as integer) as returns_current,
    cast(count(case when used = 'carried_forward' then 1 end) as integer) as returns_carried,
    period_start,
    period_end

from periods
group by return_id, period_start, period_end
