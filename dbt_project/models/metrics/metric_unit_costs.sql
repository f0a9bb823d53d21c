with

spent as (

    select
        programme_id,
        area_code,
        period_start,
        period_end,
        sum(actual_gbp) as actual_gbp

    from {{ ref('spend') }}
    where actual_gbp is not null
    group by programme_id, area_code, period_start, period_end

),

-- Until when the returns that bring the money have reported.
finance as (

    select
        returns.programme_id,
        max(case when ledger.used = 'current' then ledger.period_end end) as reported_to,
        count(case when ledger.used = 'none' and ledger.receipt <> 'not_due' then 1 end) as returns_missing

    from {{ ref('stg_control__ledger') }} as ledger
    inner join {{ ref('stg_control__returns') }} as returns on ledger.return_id = returns.return_id
    where not returns.is_evidence_of_activity
    group by returns.programme_id

),

-- Cost and activity belong together only over the same whole financial year, programme and area.
matched as (

    select
        spent.*,
        coalesce(
            spent.period_end = spent.period_start + interval '1 year' - interval '1 day'
            and finance.reported_to >= spent.period_end
            and finance.returns_missing = 0
            and windows.period_end = spent.period_end
            and not windows.is_to_date,
            false
        ) as is_full_year

    from spent
    left join finance on spent.programme_id = finance.programme_id
    left join {{ ref('reporting_periods') }} as windows
        on
            spent.programme_id = windows.programme_id
            and windows.period_type = 'year'
            and spent.period_start = windows.period_start

),

results as (

    select
        matched.*,
        measures.measure,
        events.numerator as results

    from matched
    cross join (
        select
            'M04' as metric_id,
            'per_start' as measure
        union all
        select
            'M08' as metric_id,
            'per_evidenced_job' as measure
    ) as measures
    left join {{ ref('metric_events') }} as events
        on
            measures.metric_id = events.metric_id
            and matched.programme_id = events.programme_id
            and matched.area_code = events.area_code
            and matched.period_start = events.period_start
            and matched.period_end = events.period_end
            and events.breakdown_type = 'all'

)

select
    {{ metric_row(
        "'M25'",
        breakdown_type="'measure'",
        breakdown_value='measure',
        numerator='case when is_full_year and results > 0 then actual_gbp end',
        denominator='case when is_full_year and results > 0 then results end',
        contributors='case when is_full_year then results end',
        source_grain="'mixed'",
        caveat="case when not is_full_year
            then 'Not available: spend and activity do not yet cover the same full year.' end",
    ) }}

from results
