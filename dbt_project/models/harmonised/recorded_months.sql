{%- set entities = {
    'referrals': ('referral_date', "''"),
    'starts': ('start_date', "''"),
    'outcomes': ('outcome_date', 'outcome_code'),
    'sustainments': ('job_start_date', "''"),
    'activities': ('activity_date', 'activity_code'),
} -%}
with

records as (

    {% for entity, (day, kind) in entities.items() -%}
        select distinct
            return_id,
            programme_id,
            '{{ entity }}' as entity,
            {{ kind }} as kind,
            cast(date_trunc('month', {{ day }}) as date) as month_start
        from {{ ref('stg_returns__' ~ entity) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- The counts that records could stand for, and whether the return ever records just that.
recorded as (

    select
        records.return_id,
        records.programme_id,
        count_codes.count_code,
        records.month_start,
        bool_or(
            count_codes.recorded_as is null
            or concat(' ', count_codes.recorded_as, ' ') like concat('% ', records.kind, ' %')
        ) over (partition by records.return_id, records.programme_id, count_codes.count_code) as is_of_kind

    from records
    inner join {{ ref('count_codes') }} as count_codes on records.entity = count_codes.entity

),

told as (

    select
        programme_id,
        count_code
    from recorded
    where is_of_kind

    union

    select
        programme_id,
        count_code
    from {{ ref('stg_returns__counts') }}

)

-- That a return never records a thing says that there was none only where nobody else tells of it.
select distinct
    recorded.return_id,
    recorded.programme_id,
    recorded.count_code,
    recorded.is_of_kind,
    recorded.is_of_kind or told.programme_id is null as is_telling,
    recorded.month_start

from recorded
left join told on recorded.programme_id = told.programme_id and recorded.count_code = told.count_code
