with

source as (

    select * from {{ source('control', 'returns') }}

),

renamed as (

    select
        return_id,
        partner_id,
        partner_name,
        programme_id,
        area_code,
        grain,
        scope,
        frequency,
        is_evidence_of_activity

    from source

)

select * from renamed
