with

covered as (

    select distinct
        coverage.programme_id,
        coverage.source_grain,
        coverage.month_start,
        coverage.count_code,
        count_codes.metric_id

    from {{ ref('coverage') }} as coverage
    inner join {{ ref('count_codes') }} as count_codes on coverage.count_code = count_codes.count_code
    where coverage.is_reported

),

-- What somebody says of a month: counts, events, the people that stand behind them, and claims, which records
-- alone know.
spoken as (

    {% for subject, condition in [('count_code', 'true'), ('metric_id', "metric_id in ('M01', 'M04', 'M08')")] -%}
        select
            programme_id,
            {{ subject }} as subject,
            month_start

        from covered
        where {{ condition }}

        union

    {% endfor -%}
    select
        covered.programme_id,
        people.metric_id as subject,
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
        'M09' as subject,
        month_start

    from covered
    where metric_id = 'M08' and source_grain = 'record'

),

-- Months of which a return came, and no nil return.
reported as (

    select distinct
        returns.programme_id,
        months.month_start

    from {{ ref('ledger_months') }} as months
    inner join {{ ref('stg_control__returns') }} as returns on months.return_id = returns.return_id
    where returns.is_evidence_of_activity and months.used = 'current' and months.receipt <> 'nil'

),

subjects as (

    select distinct
        programme_id,
        subject

    from spoken

),

-- Months whose return came without a word on what is spoken of in other months.
silent as (

    select
        reported.programme_id,
        reported.month_start,
        subjects.subject

    from reported
    inner join subjects on reported.programme_id = subjects.programme_id
    left join spoken
        on
            reported.programme_id = spoken.programme_id
            and reported.month_start = spoken.month_start
            and subjects.subject = spoken.subject
    where spoken.programme_id is null

)

select distinct
    windows.part_programme_id,
    windows.programme_id,
    silent.subject,
    windows.period_start,
    windows.period_end

from silent
inner join {{ ref('windows') }} as windows
    on
        silent.programme_id = windows.part_programme_id
        and silent.month_start between windows.period_start and windows.period_end
