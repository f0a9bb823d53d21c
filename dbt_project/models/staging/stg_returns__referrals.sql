with

source as (

    select * from {{ source('accepted', 'referrals') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        record_key,
        referral_date,
        source_code,
        triage_outcome_code

    from source

)

select * from renamed
