with

source as (

    select * from {{ source('accepted', 'starts') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        record_key,
        start_date,
        end_date,
        end_reason_code,
        employment_status_code,
        inactivity_reason_code,
        is_barriers_assessed

    from source

)

select * from renamed
