with

ledger as (

    select * from {{ ref('stg_control__ledger') }}

),

last_periods as (

    select
        submission_id,
        max(period_end) as last_period_end,
        count(*) over (partition by return_id) > 1 as has_others

    from ledger
    where submission_id is not null
    group by return_id, submission_id

)

select * from last_periods
