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
    -- quarters of cohorts, which returns of longer or later periods can cover
    {% for model, date_column in [('referrals', 'referral_date'), ('starts', 'start_date'), ('jobs', 'job_start_date')] -%}
        union
        select
            levels.level_programme_id as programme_id,
            quarters.period_start,
            cast(quarters.period_start + interval '3 months' - interval '1 day' as date) as period_end
        from (
            select distinct
                programme_id,
                cast(date_trunc('quarter', {{ date_column }}) as date) as period_start
            from {{ ref(model) }}
        ) as quarters
        inner join {{ ref('programme_levels') }} as levels on quarters.programme_id = levels.programme_id
    {% endfor %}
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

-- A window is covered by the returns of the periods that end in it; where none does, by the first after.
last_needed as (

    select
        windows.programme_id,
        windows.period_start,
        windows.period_end,
        ledger.is_evidence_of_activity,
        coalesce(
            max(case when ledger.period_end <= windows.period_end then windows.period_end end),
            min(ledger.period_end)
        ) as covered_to

    from windows
    inner join ledger
        on windows.programme_id = ledger.programme_id and windows.period_start <= ledger.period_end
    group by windows.programme_id, windows.period_start, windows.period_end, ledger.is_evidence_of_activity

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

    from last_needed as windows
    inner join ledger
        on
            windows.programme_id = ledger.programme_id
            and windows.is_evidence_of_activity = ledger.is_evidence_of_activity
            and ledger.period_end between windows.period_start and windows.covered_to
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
