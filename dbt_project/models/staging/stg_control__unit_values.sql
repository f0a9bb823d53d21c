with

source as (

    select * from {{ source('control', 'unit_values') }}

),

renamed as (

    select
        unit_value_id,
        programme_id,
        stream,
        count_code,
        unit,
        value_gbp,
        source_year,
        valid_from,
        valid_to

    from source

)

select * from renamed
