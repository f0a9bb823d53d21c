with

-- The newest referral on or before the start says how the person came.
referred as (

    select
        starts.programme_id,
        starts.person_no,
        starts.start_date,
        max(referrals.referral_date) as referral_date

    from {{ ref('starts') }} as starts
    inner join {{ ref('referrals') }} as referrals
        on
            starts.programme_id = referrals.programme_id
            and starts.person_no = referrals.person_no
            and starts.start_date >= referrals.referral_date
    where starts.is_counted_start and referrals.is_counted_referral
    group by starts.programme_id, starts.person_no, starts.start_date

),

sources as (

    select
        referred.programme_id,
        referred.person_no,
        referred.start_date,
        min(referrals.source_code) as source_code

    from referred
    inner join {{ ref('referrals') }} as referrals
        on
            referred.programme_id = referrals.programme_id
            and referred.person_no = referrals.person_no
            and referred.referral_date = referrals.referral_date
    where referrals.is_counted_referral
    group by referred.programme_id, referred.person_no, referred.start_date

),

barriers as (

    select * from {{ ref('barriers_at_start') }}

),

starts as (

    select
        'M04' as metric_id,
        starts.programme_id,
        starts.area_code,
        starts.sex_code,
        starts.age_band_code,
        starts.ethnic5_code,
        starts.disability_code,
        starts.cohort_code,
        starts.inactivity_reason_code,
        starts.employment_status_code,
        coalesce(sources.source_code, 'unknown') as referral_source_code,
        case
            when not starts.is_barriers_assessed and barriers.person_no is null then 'unknown'
            when coalesce(barriers.barriers, 0) >= 3 then 'three_or_more'
            else 'fewer_than_three'
        end as barriers_code,
        coalesce(cast(starts.imd_decile as string), 'unknown') as imd_decile,
        cast(date_trunc('month', starts.start_date) as date) as flow_start

    from {{ ref('starts') }} as starts
    left join sources
        on
            starts.programme_id = sources.programme_id
            and starts.person_no = sources.person_no
            and starts.start_date = sources.start_date
    left join barriers on starts.programme_id = barriers.programme_id and starts.person_no = barriers.person_no
    where starts.is_counted_start

)

{{ monthly_flows('starts', {
    'sex': 'sex_code',
    'age_band': 'age_band_code',
    'ethnic5': 'ethnic5_code',
    'disability': 'disability_code',
    'inactivity_reason': 'inactivity_reason_code',
    'employment_status': 'employment_status_code',
    'imd': 'imd_decile',
    'cohort': 'cohort_code',
    'referral_source': 'referral_source_code',
    'barriers': 'barriers_code',
}) }}
