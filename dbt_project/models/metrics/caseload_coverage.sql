with

-- What each window is made of: the programme itself, or those of its family that owe returns about people.
parts as (

    select distinct
        coverage_summary.programme_id,
        coverage_summary.period_start,
        coverage_summary.period_end,
        returns.programme_id as part_programme_id

    from {{ ref('coverage_summary') }} as coverage_summary
    inner join {{ ref('programme_levels') }} as programme_levels
        on coverage_summary.programme_id = programme_levels.level_programme_id
    inner join {{ ref('stg_control__returns') }} as returns on programme_levels.programme_id = returns.programme_id
    where coverage_summary.is_evidence_of_activity and returns.is_evidence_of_activity

),

-- Parts of which a return of the window is missing or carried forward.
behind as (

    select distinct
        parts.part_programme_id,
        parts.period_start,
        parts.period_end

    from parts
    inner join {{ ref('stg_control__returns') }} as returns on parts.part_programme_id = returns.programme_id
    inner join {{ ref('stg_control__ledger') }} as ledger
        on
            returns.return_id = ledger.return_id
            and ledger.period_end between parts.period_start and parts.period_end
    where returns.is_evidence_of_activity and ledger.receipt <> 'not_due' and ledger.used <> 'current'

),

last_days as (

    select distinct
        part_programme_id,
        period_end

    from parts

),

-- By day: how many spells there are makes no difference to what follows. A partner that counts without
-- naming does not say who has left: its starts since April stand for them until the year is out.
known as (

    select
        programme_id,
        start_date as known_from,
        end_date as known_to,
        count(*) as spells

    from {{ ref('starts') }}
    group by programme_id, start_date, end_date

    union all

    select
        programme_id,
        flow_end as known_from,
        cast({{ financial_year_start('flow_start') }} + interval '1 year' as date) as known_to,
        value_lower as spells

    from {{ ref('flows') }}
    where metric_id = 'M04' and breakdown_type = 'all' and source_grain = 'aggregate' and not is_year_to_date

),

-- Caseload: spells begun and not ended by the last day of the window.
caseloads as (

    select
        last_days.part_programme_id,
        last_days.period_end,
        sum(known.spells) as caseload

    from last_days
    inner join known on last_days.part_programme_id = known.programme_id and last_days.period_end >= known.known_from
    where coalesce(known.known_to > last_days.period_end, true)
    group by last_days.part_programme_id, last_days.period_end

),

-- Protected here, as whatever stands beside a published figure: nearest 5, and nothing is said of 1 to 9.
sized as (

    select
        parts.*,
        5 * round(caseloads.caseload / 5) as caseload,
        caseloads.caseload between 1 and 9 as is_small,
        behind.part_programme_id is null as is_current

    from parts
    left join behind
        on
            parts.part_programme_id = behind.part_programme_id
            and parts.period_start = behind.period_start
            and parts.period_end = behind.period_end
    left join caseloads
        on parts.part_programme_id = caseloads.part_programme_id and parts.period_end = caseloads.period_end

)

-- Not known where a part has never said whom it works with, or where it would tell of a few people.
select
    programme_id,
    cast(
        case
            when bool_and(is_current) then 1
            when count(caseload) = count(*) and not bool_or(is_small) and sum(caseload) >= 30
                then round(sum(case when is_current then caseload else 0 end) / sum(caseload), 2)
        end as decimal(3, 2)
    ) as caseload_share,
    period_start,
    period_end

from sized
group by programme_id, period_start, period_end
