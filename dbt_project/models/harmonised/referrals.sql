with

referrals as (

    select * from {{ ref('stg_returns__referrals') }}

),

participants as (

    select * from {{ ref('participants') }}

),

described as (

    select
        referrals.return_id,
        referrals.source_sheet,
        referrals.source_row,
        referrals.programme_id,
        participants.person_no,
        participants.area_code,
        participants.sex_code,
        participants.age_band_code,
        coalesce(referrals.source_code, 'unknown') as source_code,
        coalesce(referrals.triage_outcome_code, 'unknown') as triage_outcome_code,
        coalesce(referrals.triage_outcome_code, 'unknown') <> 'duplicate' as is_counted_referral,
        referrals.referral_date

    from referrals
    inner join participants
        on referrals.record_key = participants.record_key and referrals.programme_id = participants.programme_id

)

select * from described
