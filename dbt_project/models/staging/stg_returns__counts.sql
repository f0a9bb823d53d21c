with

source as (

    select * from {{ source('accepted', 'counts') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        count_code,
        area_code,
        breakdown_type,
        breakdown_value,
        period_start,
        period_end,
        period_type_code,
        value_lower,
        value_upper,
        value_status_code

    from source

)

select * from renamed
