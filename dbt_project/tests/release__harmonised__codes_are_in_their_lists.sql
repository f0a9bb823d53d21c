-- Every code of the harmonised layer is in its list of reference/codes.csv.
{% set coded = [
    ('participants', 'sex_code', 'sex'),
    ('participants', 'age_band_code', 'age_band'),
    ('participants', 'ethnic_group_code', 'ethnic_group'),
    ('participants', 'disability_code', 'disability'),
    ('participants', 'cohort_code', 'cohort'),
    ('referrals', 'source_code', 'referral_source'),
    ('referrals', 'triage_outcome_code', 'triage_outcome'),
    ('starts', 'employment_status_code', 'employment_status'),
    ('starts', 'inactivity_reason_code', 'inactivity_reason'),
    ('starts', 'end_reason_code', 'end_reason'),
    ('barriers', 'barrier_code', 'barrier'),
    ('barriers', 'stage_code', 'stage'),
    ('activities', 'activity_code', 'activity'),
    ('measures', 'item_code', 'measure_item'),
    ('outcomes', 'outcome_code', 'outcome'),
    ('outcomes', 'definition_code', 'outcome_definition'),
    ('outcomes', 'evidence_type_code', 'evidence_type'),
    ('sustainments', 'sustainment_status_code', 'sustainment_status'),
    ('spend', 'theme_code', 'spend_theme'),
    ('spend', 'cost_type_code', 'cost_type'),
    ('targets', 'target_code', 'target'),
] %}

with

used as (

    {% for model, column, code_list in coded -%}
        select distinct
            '{{ code_list }}' as code_list,
            {{ column }} as code

        from {{ ref(model) }}
        {% if not loop.last %}union{% endif %}
    {% endfor %}

)

select used.*

from used
left join {{ ref('codes') }} as codes on used.code_list = codes.code_list and used.code = codes.code
where used.code is not null and codes.code is null
