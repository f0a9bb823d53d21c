with

covered as (

    select distinct
        coverage.programme_id,
        coverage.source_grain,
        coverage.month_start,
        count_codes.metric_id

    from {{ ref('coverage') }} as coverage
    inner join {{ ref('count_codes') }} as count_codes on coverage.count_code = count_codes.count_code
    where coverage.is_reported

),

-- What somebody says of a month: events, the people that stand behind them, and claims, which records alone know.
spoken as (

    select
        programme_id,
        metric_id,
        month_start

    from covered
    where metric_id in ('M01', 'M04', 'M08')

    union

    select
        covered.programme_id,
        people.metric_id,
        covered.month_start

    from covered
    inner join {{ ref('people_sources') }} as people
        on
            covered.programme_id = people.programme_id
            and covered.source_grain = people.source_grain
            and covered.metric_id = people.count_metric_id

    union

    select
        programme_id,
        'M09' as metric_id,
        month_start

    from covered
    where metric_id = 'M08' and source_grain = 'record'

),

-- First and last months of the periods whose returns came, and were no nil returns.
reported as (

    {% for day in ['period_start', 'period_end'] -%}
        select
            returns.programme_id,
            cast(date_trunc('month', ledger.{{ day }}) as date) as month_start

        from {{ ref('stg_control__ledger') }} as ledger
        inner join {{ ref('stg_control__returns') }} as returns on ledger.return_id = returns.return_id
        where returns.is_evidence_of_activity and ledger.used = 'current' and ledger.receipt <> 'nil'
        {% if not loop.last %}union{% endif %}
    {% endfor %}

),

-- Months whose return came without a word on what is spoken of in other months.
silent as (

    select distinct
        reported.programme_id,
        reported.month_start,
        metrics.metric_id

    from reported
    inner join spoken as metrics on reported.programme_id = metrics.programme_id
    left join spoken
        on
            reported.programme_id = spoken.programme_id
            and reported.month_start = spoken.month_start
            and metrics.metric_id = spoken.metric_id
    where spoken.programme_id is null

),

metrics as (

    select metric_id from {{ ref('metric_definitions') }}
    where metric_id in ('M01', 'M02', 'M04', 'M05', 'M08', 'M09', 'M11', 'M22')

)

{% set window -%}
    windows.part_programme_id,
    windows.programme_id,
    windows.area_code,
    windows.is_parent_level,
    windows.has_area_rows,
    windows.period_type,
    windows.period_start,
    windows.period_end,
    metrics.metric_id
{%- endset -%}

select
    {{ window }},
    bool_or(windows.has_missing_returns or silent.metric_id is not null) as is_short

from {{ ref('windows') }} as windows
cross join metrics
left join silent
    on
        windows.part_programme_id = silent.programme_id
        and metrics.metric_id = silent.metric_id
        and silent.month_start between windows.period_start and windows.period_end
group by
    {{ window }}
