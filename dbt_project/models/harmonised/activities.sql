with

activities as (

    select * from {{ ref('stg_returns__activities') }}

),

participants as (

    select * from {{ ref('participants') }}

),

described as (

    select
        activities.return_id,
        activities.source_sheet,
        activities.source_row,
        activities.programme_id,
        participants.person_no,
        activities.activity_code,
        activities.quantity,
        activities.headcount,
        activities.activity_date

    from activities
    left join participants
        on activities.record_key = participants.record_key and activities.programme_id = participants.programme_id

)

select * from described
