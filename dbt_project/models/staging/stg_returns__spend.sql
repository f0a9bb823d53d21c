with

source as (

    select * from {{ source('accepted', 'spend') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        area_code,
        theme_code,
        cost_type_code,
        line_name,
        period_start,
        period_end,
        budget_gbp,
        actual_gbp

    from source

)

select * from renamed
