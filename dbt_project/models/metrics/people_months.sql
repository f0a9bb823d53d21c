{{ config(materialized='view') }}
{%- set sources = [
    ('M02', 'referrals', 'referral_date', 'is_counted_referral', 'referrals'),
    ('M05', 'starts', 'start_date', 'is_counted_start', 'starts'),
    ('M11', 'jobs', 'job_start_date', 'is_evidenced', 'evidenced_jobs'),
    ('M22', 'outcomes', 'outcome_date', "is_evidenced and outcome_code in ('ACCRED_TRAINING', 'QUALIFICATION')",
        'qualifications'),
] -%}
{% for metric_id, model, date_column, condition, count_code in sources %}
    select
        '{{ metric_id }}' as metric_id,
        events.programme_id,
        events.area_code,
        events.person_no,
        -- a job that another programme of the family counts brings the family nobody in its own month
        {{ 'events.is_counted_in_region' if model == 'jobs' else 'true' }} as is_counted_in_region,
        cast(date_trunc('month', events.{{ date_column }}) as date) as month_start

    from {{ ref(model) }} as events
    inner join {{ ref('coverage') }} as coverage
        on
            events.programme_id = coverage.programme_id
            and events.return_id = coverage.return_id
            and coverage.count_code = '{{ count_code }}'
            and coverage.source_grain = 'record'
            and coverage.is_authoritative
    where events.{{ condition }}
    {% if not loop.last %}union all{% endif %}
{%- endfor %}
