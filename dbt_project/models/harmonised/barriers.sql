with

barriers as (

    select * from {{ ref('stg_returns__barriers') }}

),

participants as (

    select * from {{ ref('participants') }}

),

described as (

    select distinct
        barriers.programme_id,
        participants.person_no,
        barriers.barrier_code,
        coalesce(barriers.stage_code, 'start') as stage_code

    from barriers
    inner join participants
        on barriers.record_key = participants.record_key and barriers.programme_id = participants.programme_id

)

select * from described
