with

source as (

    select * from {{ source('accepted', 'sustainments') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        record_key,
        job_start_date,
        check_weeks,
        check_date,
        sustainment_status_code,
        evidence_status_code

    from source

)

select * from renamed
