with

source as (

    select * from {{ source('accepted', 'placements') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        record_key,
        employer_key,
        start_date,
        end_date,
        is_permanent

    from source

)

select * from renamed
