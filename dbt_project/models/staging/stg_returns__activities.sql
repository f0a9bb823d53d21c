with

source as (

    select * from {{ source('accepted', 'activities') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        record_key,
        activity_code,
        activity_date,
        quantity,
        headcount

    from source

)

select * from renamed
