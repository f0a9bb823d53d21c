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

ranked as (

    select
        measures.*,
        participants.person_no,
        participants.area_code,
        row_number() over (
            partition by participants.person_no, measures.programme_id, measures.item_code, measures.stage_code
            order by
                submissions.last_period_end desc,
                measures.measured_date desc,
                measures.return_id asc,
                measures.source_sheet asc,
                measures.source_row asc
        ) as statement_no

    from measures
    inner join participants
        on measures.record_key = participants.record_key and measures.programme_id = participants.programme_id
    left join submissions on measures.submission_id = submissions.submission_id

)

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

from ranked
where statement_no = 1
