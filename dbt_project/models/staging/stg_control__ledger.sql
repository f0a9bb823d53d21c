with

source as (

    select * from {{ source('control', 'ledger') }}

),

renamed as (

    select
        return_id,
        period_start,
        period_end,
        due_on,
        receipt,
        used,
        submission_id

    from source

)

select * from renamed
