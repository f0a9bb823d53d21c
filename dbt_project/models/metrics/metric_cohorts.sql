with

first_referrals as (

    select
        programme_id,
        person_no,
        -- one area a person, so that areas add up
        min(area_code) as area_code,
        min(referral_date) as referral_date

    from {{ ref('referrals') }}
    where is_counted_referral
    group by programme_id, person_no

),

started as (

    select distinct
        first_referrals.programme_id,
        first_referrals.person_no

    from first_referrals
    inner join {{ ref('starts') }} as starts
        on
            first_referrals.programme_id = starts.programme_id
            and first_referrals.person_no = starts.person_no
            and starts.start_date between first_referrals.referral_date
            and first_referrals.referral_date + interval '56 days'

),

cohorts as (

    select
        'M07' as metric_id,
        56 as days_to_mature,
        first_referrals.programme_id,
        first_referrals.area_code as member_area_code,
        cast(date_trunc('quarter', first_referrals.referral_date) as date) as period_start,
        count(*) as members,
        count(started.person_no) as reached

    from first_referrals
    left join started
        on first_referrals.programme_id = started.programme_id and first_referrals.person_no = started.person_no
    group by
        first_referrals.programme_id,
        first_referrals.area_code,
        cast(date_trunc('quarter', first_referrals.referral_date) as date)

    union all

    select
        'M10' as metric_id,
        90 as days_to_mature,
        programme_id,
        area_code as member_area_code,
        cast(date_trunc('quarter', job_start_date) as date) as period_start,
        count(*) as members,
        count(case when is_evidenced and evidence_date <= job_start_date + interval '90 days' then 1 end) as reached

    from {{ ref('jobs') }}
    group by programme_id, area_code, cast(date_trunc('quarter', job_start_date) as date)

),

programmes as (

    select distinct
        programme_id,
        area_code,
        member_area_code,
        observed_to

    from {{ ref('area_windows') }}
    where not is_parent_level

),

-- Only quarters whose every member has been observed long enough by the last day reported.
matured as (

    select
        cohorts.metric_id,
        cohorts.days_to_mature,
        cohorts.programme_id,
        programmes.area_code,
        cohorts.period_start,
        cast(cohorts.period_start + interval '3 months' - interval '1 day' as date) as period_end,
        sum(cohorts.members) as members,
        sum(cohorts.reached) as reached

    from cohorts
    inner join programmes
        on
            cohorts.programme_id = programmes.programme_id
            and programmes.member_area_code in ('all', cohorts.member_area_code)
    where
        cohorts.period_start + interval '3 months' - interval '1 day'
        <= programmes.observed_to - cohorts.days_to_mature * interval '1 day'
    group by
        cohorts.metric_id, cohorts.days_to_mature, cohorts.programme_id, programmes.area_code, cohorts.period_start

)

select
    {{ metric_row(
        'metric_id',
        cohort_quarter=quarter_label('period_start'),
        days_to_mature='days_to_mature',
        numerator='reached',
        denominator='members',
        contributors='reached',
    ) }}

from matured
