with

referrals as (

    select
        referrals.programme_id,
        referrals.area_code,
        referrals.sex_code,
        referrals.age_band_code,
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

select
    'M01' as metric_id,
    programme_id,
    area_code,
    case
        when grouping(sex_code) = 0 then 'sex'
        when grouping(age_band_code) = 0 then 'age_band'
        else 'all'
    end as breakdown_type,
    coalesce(sex_code, age_band_code, 'all') as breakdown_value,
    flow_start,
    count(*) as events,
    cast(0 as bigint) as shared_claims

from referrals
group by
    grouping sets (
        (programme_id, area_code, flow_start),
        (programme_id, area_code, flow_start, sex_code),
        (programme_id, area_code, flow_start, age_band_code)
    )
