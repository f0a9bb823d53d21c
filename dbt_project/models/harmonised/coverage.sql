with

-- Months of which each return sends records.
recorded as (

    select * from {{ ref('recorded_months') }}

),

-- From which month to which a return speaks: by records while it reports, by counts as they say.
spans as (

    select distinct
        recorded.return_id,
        recorded.programme_id,
        recorded.count_code,
        'record' as source_grain,
        case when recorded.is_telling then 1 else 4 end as turn,
        cast(date_trunc('month', ledger.period_start) as date) as first_month,
        cast(date_trunc('month', ledger.period_end) as date) as last_month

    from recorded
    inner join {{ ref('stg_control__ledger') }} as ledger on recorded.return_id = ledger.return_id
    where ledger.used = 'current'

    union

    select
        return_id,
        programme_id,
        count_code,
        'aggregate' as source_grain,
        2 as turn,
        case
            when period_type_code = 'cumulative' then {{ financial_year_start('period_end') }}
            else cast(date_trunc('month', period_start) as date)
        end as first_month,
        cast(date_trunc('month', period_end) as date) as last_month

    from {{ ref('stg_returns__counts') }}

),

-- Months of which anything is told or owed: what begins or ends does so in one of them.
months as (

    select month_start from recorded
    union
    select first_month as month_start from spans
    union
    select last_month as month_start from spans
    union
    select month_start from {{ ref('ledger_months') }}

),

-- Each month's turns: records of who reports it, then counts of it, then records that only say something of it;
-- last, records that never tell of what somebody else does.
stated as (

    select
        spans.return_id,
        spans.programme_id,
        spans.count_code,
        spans.source_grain,
        months.month_start,
        spans.turn

    from spans
    inner join months on months.month_start between spans.first_month and spans.last_month

    union all

    select
        return_id,
        programme_id,
        count_code,
        'record' as source_grain,
        month_start,
        case when is_telling then 3 else 5 end as turn

    from recorded

)

{% set key = 'stated.programme_id, areas.current_area_code, stated.count_code, stated.month_start' -%}

select
    stated.programme_id,
    areas.current_area_code as area_code,
    stated.count_code,
    stated.month_start,
    stated.return_id,
    stated.source_grain,
    min(stated.turn) < 3 as is_reported,
    row_number() over (partition by {{ key }}, stated.source_grain order by min(stated.turn), stated.return_id) = 1
        as is_first_of_grain,
    row_number() over (partition by {{ key }} order by min(stated.turn), stated.return_id) = 1 as is_authoritative

from stated
inner join {{ ref('stg_control__returns') }} as returns
    on stated.return_id = returns.return_id and stated.programme_id = returns.programme_id
inner join {{ ref('areas_current') }} as areas on returns.area_code = areas.area_code
where returns.is_evidence_of_activity
group by {{ key }}, stated.return_id, stated.source_grain
