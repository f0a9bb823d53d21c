with

programmes as (

    select * from {{ ref('programmes') }}

),

ledger as (

    select
        programme_levels.level_programme_id as programme_id,
        returns.frequency,
        ledger.return_id,
        ledger.period_end,
        max(case when ledger.used = 'current' then ledger.period_end end) over (partition by ledger.return_id)
            as last_reported,
        max(ledger.period_end) over (partition by ledger.return_id) as last_owed

    from {{ ref('stg_control__ledger') }} as ledger
    inner join {{ ref('stg_control__returns') }} as returns on ledger.return_id = returns.return_id
    inner join {{ ref('programme_levels') }} as programme_levels
        on returns.programme_id = programme_levels.programme_id
    where returns.is_evidence_of_activity

),

-- A total is cut where the first of the returns that feed it has stopped reporting, so that every part
-- of it covers the same time; not by one that owes no more, nor by one that has never reported: it is missing.
observed as (

    select
        programme_id,
        coalesce(min(case when last_reported < last_owed then last_reported end), max(last_reported)) as observed_to

    from ledger
    where last_reported is not null
    group by programme_id

),

natural_periods as (

    select distinct
        programme_id,
        'quarter' as period_type,
        cast(date_trunc('quarter', period_end) as date) as period_start,
        cast(date_trunc('quarter', period_end) + interval '3 months' - interval '1 day' as date) as period_end

    from ledger
    where frequency in ('month', 'quarter')

    union all

    select distinct
        programme_id,
        'year' as period_type,
        {{ financial_year_start('period_end') }} as period_start,
        cast({{ financial_year_start('period_end') }} + interval '1 year' - interval '1 day' as date) as period_end

    from ledger

    union all

    select
        programmes.programme_id,
        'lifetime' as period_type,
        programmes.start_date as period_start,
        case when programmes.end_date <= build.as_at then programmes.end_date end as period_end

    from programmes
    cross join {{ ref('stg_control__build') }} as build

)

-- Quarters are reported whole; a year or a lifetime that still runs, up to the last day observed. A year that
-- has reached the end of its first quarter and no further is that quarter, and stands for it.
select
    natural_periods.programme_id,
    natural_periods.period_type,
    natural_periods.period_type <> 'lifetime' and natural_periods.period_end > observed.observed_to
    or natural_periods.period_end is null as is_to_date,
    natural_periods.period_start,
    case
        when natural_periods.period_type = 'lifetime' and natural_periods.period_end is not null
            then natural_periods.period_end
        else least(coalesce(natural_periods.period_end, observed.observed_to), observed.observed_to)
    end as period_end,
    observed.observed_to

from natural_periods
inner join observed on natural_periods.programme_id = observed.programme_id
inner join programmes on natural_periods.programme_id = programmes.programme_id
where
    natural_periods.period_start <= observed.observed_to
    and (natural_periods.period_type = 'lifetime') = (programmes.reporting_window = 'lifetime')
    and (
        natural_periods.period_type <> 'quarter'
        or natural_periods.period_end < observed.observed_to
        or (
            natural_periods.period_end = observed.observed_to
            and natural_periods.period_start > {{ financial_year_start('natural_periods.period_end') }}
        )
    )
