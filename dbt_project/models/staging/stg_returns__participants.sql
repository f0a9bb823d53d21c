with

source as (

    select * from {{ source('accepted', 'participants') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        record_key,
        sex_code,
        age_band_code,
        is_aged_16_to_30,
        ethnic_group_code,
        disability_code,
        area_code,
        imd_decile,
        imd_year,
        cohort_code

    from source

)

select * from renamed
