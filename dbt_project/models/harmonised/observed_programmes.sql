with

ledger as (

    select
        programme_levels.level_programme_id as programme_id,
        ledger.return_id,
        max(case when ledger.used = 'current' then ledger.period_end end) as last_reported

    from {{ ref('stg_control__ledger') }} as ledger
    inner join {{ ref('stg_control__returns') }} as returns on ledger.return_id = returns.return_id
    inner join {{ ref('programme_levels') }} as programme_levels
        on returns.programme_id = programme_levels.programme_id
    where returns.is_evidence_of_activity
    group by programme_levels.level_programme_id, ledger.return_id

)

-- A total is cut where the last of the returns that feed it has stopped reporting, so that every
-- part of it covers the same time. A return that has never reported does not cut it: it is missing.
select
    programme_id,
    min(last_reported) as observed_to

from ledger
group by programme_id
having min(last_reported) is not null
