{%- set fields = [
    ('participants', 'sex_code', 'true'),
    ('participants', 'age_band_code', 'true'),
    ('participants', 'ethnic5_code', 'true'),
    ('participants', 'disability_code', 'true'),
    ('participants', 'area_code', 'true'),
    ('referrals', 'source_code', 'true'),
    ('referrals', 'triage_outcome_code', 'true'),
    ('starts', 'employment_status_code', 'true'),
    ('starts', 'inactivity_reason_code', "employment_status_code = 'inactive'"),
    ('outcomes', 'evidence_type_code', 'is_evidenced'),
    ('outcomes', 'evidence_date', 'is_evidenced'),
    ('outcomes', 'hours_per_week', 'is_job'),
    ('counts', 'value_status_code', 'true'),
] -%}
with

-- A field is asked of the records it applies to. Not wanting to say is an answer; unknown, not asked and
-- what the door could not read (it is unknown by now) are none.
answers as (

    {% for entity, field, applies in fields -%}
        select
            return_id,
            '{{ entity }}' as entity,
            '{{ field }}' as field,
            count(*) as asked,
            count(
                case
                    when coalesce(cast({{ field }} as string), 'unknown') not in ('unknown', 'not_asked', 'missing')
                        then 1
                end
            ) as answered

        from {{ ref(entity) }}
        where {{ applies }}
        group by return_id
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

scored as (

    select
        answers.return_id,
        sum(weights.weight * answers.answered) as answered,
        sum(weights.weight * answers.asked) as asked

    from answers
    inner join {{ ref('completeness_weights') }} as weights
        on answers.entity = weights.entity and answers.field = weights.field
    group by answers.return_id

),

covered as (

    select
        return_id,
        min(period_start) as period_start,
        max(case when used <> 'none' then period_end end) as period_end

    from {{ ref('stg_control__ledger') }}
    group by return_id

)

select
    {{ metric_row(
        "'M29'",
        programme_id="'all'",
        area_code="'all'",
        breakdown_type="'return'",
        breakdown_value='scored.return_id',
        period_start='covered.period_start',
        period_end='covered.period_end',
        numerator='scored.answered',
        denominator='scored.asked',
        contributors='scored.answered',
    ) }}

from scored
inner join covered on scored.return_id = covered.return_id
where covered.period_end is not null
