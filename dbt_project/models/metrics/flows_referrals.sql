with

referrals as (

    select
        'M01' as metric_id,
        programme_id,
        area_code,
        sex_code,
        age_band_code,
        source_code,
        triage_outcome_code,
        cast(date_trunc('month', referral_date) as date) as flow_start

    from {{ ref('referrals') }}
    where is_counted_referral

)

{{ monthly_flows('referrals', {
    'sex': 'sex_code',
    'age_band': 'age_band_code',
    'referral_source': 'source_code',
    'triage_outcome': 'triage_outcome_code',
}) }}
