with

programmes as (

    select distinct
        programme_id,
        area_code,
        observed_to

    from {{ ref('windows') }}
    where not is_parent_level

),

first_referrals as (

    select
        programme_id,
        person_no,
        min(referral_date) as referral_date

    from {{ ref('referrals') }}
    where is_counted_referral
    group by programme_id, person_no

),

cohorts as (

    select
        first_referrals.programme_id,
        cast(date_trunc('quarter', first_referrals.referral_date) as date) as period_start,
        count(distinct first_referrals.person_no) as people_referred,
        count(distinct starts.person_no) as people_started

    from first_referrals
    left join {{ ref('starts') }} as starts
        on
            first_referrals.programme_id = starts.programme_id
            and first_referrals.person_no = starts.person_no
            and starts.start_date between first_referrals.referral_date
            and first_referrals.referral_date + interval '56 days'
    group by first_referrals.programme_id, cast(date_trunc('quarter', first_referrals.referral_date) as date)

),

-- Only quarters whose every person has been observed for 56 days by the last day reported.
matured as (

    select
        cohorts.*,
        programmes.area_code,
        cast(cohorts.period_start + interval '3 months' - interval '1 day' as date) as period_end

    from cohorts
    inner join programmes on cohorts.programme_id = programmes.programme_id
    where cohorts.period_start + interval '3 months' - interval '1 day' <= programmes.observed_to - interval '56 days'

)

select
    {{ metric_row(
        "'M07'",
        cohort_quarter=quarter_label('period_start'),
        days_to_mature='56',
        numerator='people_started',
        denominator='people_referred',
        contributors='people_started',
    ) }}

from matured
