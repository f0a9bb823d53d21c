with

placements as (

    select * from {{ ref('stg_returns__placements') }}

),

participants as (

    select * from {{ ref('participants') }}

),

submissions as (

    select * from {{ ref('submissions') }}

),

described as (

    select
        placements.*,
        participants.person_no,
        participants.area_code,
        submissions.last_period_end

    from placements
    inner join participants
        on placements.record_key = participants.record_key and placements.programme_id = participants.programme_id
    left join submissions on placements.submission_id = submissions.submission_id

),

{{ newest_statements('described', ['person_no', 'programme_id', 'start_date']) }}

select
    return_id,
    programme_id,
    person_no,
    area_code,
    employer_key,
    coalesce(is_permanent, false) as is_permanent,
    start_date,
    end_date

from newest
