with

source as (

    select * from {{ source('accepted', 'outcomes') }}

),

renamed as (

    select
        return_id,
        submission_id,
        source_sheet,
        source_row,
        programme_id,
        record_key,
        outcome_code,
        outcome_date,
        evidence_status_code,
        evidence_type_code,
        evidence_date,
        hours_per_week,
        definition_code,
        is_wage_subsidy

    from source

)

select * from renamed
