with

source as (

    select * from {{ source('control', 'person_links') }}

),

renamed as (

    select
        record_key,
        person_key,
        link_rule

    from source

)

select * from renamed
