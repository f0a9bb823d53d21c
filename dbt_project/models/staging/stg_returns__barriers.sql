with

source as (

    select * from {{ source('accepted', 'barriers') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        record_key,
        barrier_code,
        stage_code

    from source

)

select * from renamed
