with

referrals as (

    select * from {{ ref('stg_returns__referrals') }}

),

participants as (

    select * from {{ ref('participants') }}

),

submissions as (

    select * from {{ ref('submissions') }}

),

-- A later file that states a referral again replaces what the earlier one said of that day.
restated as (

    select
        referrals.record_key,
        referrals.programme_id,
        referrals.referral_date,
        max(submissions.last_period_end) as last_period_end

    from referrals
    inner join submissions on referrals.submission_id = submissions.submission_id
    where submissions.has_others
    group by referrals.record_key, referrals.programme_id, referrals.referral_date
    having min(submissions.last_period_end) < max(submissions.last_period_end)

),

newest as (

    select referrals.*

    from referrals
    left join submissions on referrals.submission_id = submissions.submission_id
    left join restated
        on
            referrals.record_key = restated.record_key
            and referrals.programme_id = restated.programme_id
            and referrals.referral_date = restated.referral_date
    where restated.record_key is null or submissions.last_period_end = restated.last_period_end

),

described as (

    select
        newest.return_id,
        newest.source_sheet,
        newest.source_row,
        newest.programme_id,
        participants.person_no,
        participants.area_code,
        participants.sex_code,
        participants.age_band_code,
        coalesce(newest.source_code, 'unknown') as source_code,
        coalesce(newest.triage_outcome_code, 'unknown') as triage_outcome_code,
        coalesce(newest.triage_outcome_code, 'unknown') <> 'duplicate' as is_counted_referral,
        newest.referral_date

    from newest
    inner join participants
        on newest.record_key = participants.record_key and newest.programme_id = participants.programme_id
    inner join {{ ref('coverage') }} as coverage
        on
            newest.return_id = coverage.return_id
            and newest.programme_id = coverage.programme_id
            and cast(date_trunc('month', newest.referral_date) as date) = coverage.month_start
            and coverage.count_code = 'referrals'
            and coverage.source_grain = 'record'
            and coverage.is_authoritative

)

select * from described
