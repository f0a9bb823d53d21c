with

source as (

    select * from {{ source('accepted', 'targets') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        area_code,
        target_code,
        definition_code,
        period_start,
        period_end,
        target_value

    from source

)

select * from renamed
