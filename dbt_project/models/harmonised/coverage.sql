{%- set days = {
    'referrals': 'referral_date',
    'starts': 'start_date',
    'outcomes': 'outcome_date',
    'sustainments': 'job_start_date',
    'activities': 'activity_date',
} -%}
with

-- Months of which each return sends records; which of its counts they could stand for.
recorded as (

    select
        records.*,
        count_codes.count_code

    from (
        {% for entity, day in days.items() -%}
            select distinct
                return_id,
                programme_id,
                '{{ entity }}' as entity,
                cast(date_trunc('month', {{ day }}) as date) as month_start
            from {{ ref('stg_returns__' ~ entity) }}
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ) as records
    inner join {{ ref('count_codes') }} as count_codes on records.entity = count_codes.entity

),

-- From which month to which a return speaks: by records while it reports, by counts as they say.
spans as (

    select distinct
        recorded.return_id,
        recorded.programme_id,
        recorded.count_code,
        'record' as source_grain,
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
        case
            when period_type_code = 'cumulative' then {{ financial_year_start('period_end') }}
            else cast(date_trunc('month', period_start) as date)
        end as first_month,
        cast(date_trunc('month', period_end) as date) as last_month

    from {{ ref('stg_returns__counts') }}

),

-- Months in which anything happens, begins or ends, or of which a return is owed: between two nothing changes.
months as (

    select month_start from recorded
    union
    select first_month as month_start from spans
    union
    select last_month as month_start from spans
    {% for day in ['period_start', 'period_end'] -%}
        union
        select cast(date_trunc('month', {{ day }}) as date) as month_start from {{ ref('stg_control__ledger') }}
    {% endfor %}
),

-- Each month's turns: records of who reports it, then counts of it, then records that only say something of it.
stated as (

    select
        spans.return_id,
        spans.programme_id,
        spans.count_code,
        spans.source_grain,
        months.month_start,
        case spans.source_grain when 'record' then 1 else 2 end as turn

    from spans
    inner join months on months.month_start between spans.first_month and spans.last_month

    union all

    select
        return_id,
        programme_id,
        count_code,
        'record' as source_grain,
        month_start,
        3 as turn

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
