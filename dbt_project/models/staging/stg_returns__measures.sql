with

source as (

    select * from {{ source('accepted', 'measures') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        record_key,
        instrument_code,
        item_code,
        stage_code,
        measured_date,
        score

    from source

)

select * from renamed
