with

referrals as (

    select
        referrals.programme_id,
        referrals.area_code,
        referrals.sex_code,
        referrals.age_band_code,
        referrals.source_code,
        referrals.triage_outcome_code,
        cast(date_trunc('month', referrals.referral_date) as date) as flow_start

    from {{ ref('referrals') }} as referrals
    inner join {{ ref('coverage') }} as coverage
        on
            referrals.programme_id = coverage.programme_id
            and referrals.return_id = coverage.return_id
            and coverage.count_code = 'referrals'
            and coverage.source_grain = 'record'
            and coverage.is_authoritative
    where referrals.is_counted_referral

)

{% set breakdowns = {
    'sex': 'sex_code',
    'age_band': 'age_band_code',
    'referral_source': 'source_code',
    'triage_outcome': 'triage_outcome_code',
} %}

select
    'M01' as metric_id,
    programme_id,
    area_code,
    case
        {%- for name, column in breakdowns.items() %}
            when grouping({{ column }}) = 0 then '{{ name }}'
        {%- endfor %}
        else 'all'
    end as breakdown_type,
    coalesce({{ breakdowns.values() | join(', ') }}, 'all') as breakdown_value,
    flow_start,
    count(*) as events,
    cast(0 as bigint) as shared_claims

from referrals
group by
    grouping sets (
        (programme_id, area_code, flow_start),
        {%- for column in breakdowns.values() %}
            (programme_id, area_code, flow_start, {{ column }}){{ ',' if not loop.last }}
        {%- endfor %}
    )
