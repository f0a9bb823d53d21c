with

source as (

    select * from {{ source('control', 'build') }}

),

renamed as (

    select
        as_at,
        is_synthetic

    from source

)

select * from renamed
