with

ledger as (

    select * from {{ ref('stg_control__ledger') }}

),

last_periods as (

    select
        submission_id,
        max(period_end) as last_period_end

    from ledger
    where submission_id is not null
    group by submission_id

)

select * from last_periods
