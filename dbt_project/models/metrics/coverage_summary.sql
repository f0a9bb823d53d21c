with

windows as (

    select
        programme_id,
        period_start,
        period_end
    from {{ ref('reporting_periods') }}
    union
    select
        programme_id,
        period_start,
        period_end
    from {{ ref('targets') }}
    union
    select
        programme_id,
        period_start,
        period_end
    from {{ ref('spend') }}

),

-- A return that reports on several programmes of a family is owed once.
ledger as (

    select distinct
        programme_levels.level_programme_id as programme_id,
        returns.is_evidence_of_activity,
        ledger.return_id,
        ledger.period_end,
        ledger.receipt,
        ledger.used

    from {{ ref('stg_control__ledger') }} as ledger
    inner join {{ ref('stg_control__returns') }} as returns on ledger.return_id = returns.return_id
    inner join {{ ref('programme_levels') }} as programme_levels
        on returns.programme_id = programme_levels.programme_id

),

counted as (

    select
        windows.programme_id,
        windows.period_start,
        windows.period_end,
        ledger.is_evidence_of_activity,
        count(case when ledger.receipt <> 'not_due' then 1 end) as returns_expected,
        count(case when ledger.used = 'current' then 1 end) as returns_current,
        count(case when ledger.used = 'carried_forward' then 1 end) as returns_carried,
        count(case when ledger.used = 'none' and ledger.receipt <> 'not_due' then 1 end) as returns_missing

    from windows
    inner join ledger
        on
            windows.programme_id = ledger.programme_id
            and ledger.period_end between windows.period_start and windows.period_end
    group by windows.programme_id, windows.period_start, windows.period_end, ledger.is_evidence_of_activity

)

select
    programme_id,
    is_evidence_of_activity,
    cast(returns_expected as integer) as returns_expected,
    cast(returns_current as integer) as returns_current,
    cast(returns_carried as integer) as returns_carried,
    cast(returns_missing as integer) as returns_missing,
    period_start,
    period_end

from counted
