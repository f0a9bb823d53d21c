with

measures as (

    select * from {{ ref('stg_returns__measures') }}

),

participants as (

    select * from {{ ref('participants') }}

),

submissions as (

    select * from {{ ref('submissions') }}

),

answers as (

    select
        measures.*,
        participants.person_no,
        participants.area_code,
        submissions.last_period_end

    from measures
    inner join participants
        on measures.record_key = participants.record_key and measures.programme_id = participants.programme_id
    left join submissions on measures.submission_id = submissions.submission_id

),

{{ newest_statements('answers', ['person_no', 'programme_id', 'item_code', 'stage_code'], order='
    last_period_end desc, measured_date desc, return_id asc, source_sheet asc, source_row asc
') }}

select
    return_id,
    programme_id,
    person_no,
    area_code,
    instrument_code,
    item_code,
    stage_code,
    score,
    measured_date

from newest
