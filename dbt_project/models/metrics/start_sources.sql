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

)

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
