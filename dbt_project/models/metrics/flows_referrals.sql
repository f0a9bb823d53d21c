with

referrals as (

    select
        'M01' as metric_id,
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

{{ monthly_flows('referrals', {
    'sex': 'sex_code',
    'age_band': 'age_band_code',
    'referral_source': 'source_code',
    'triage_outcome': 'triage_outcome_code',
}) }}
