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

ranked as (

    select
        placements.*,
        participants.person_no,
        participants.area_code,
        row_number() over (
            partition by participants.person_no, placements.programme_id, placements.start_date
            order by
                submissions.last_period_end desc,
                placements.return_id asc,
                placements.source_sheet asc,
                placements.source_row asc
        ) as statement_no

    from placements
    inner join participants
        on placements.record_key = participants.record_key and placements.programme_id = participants.programme_id
    left join submissions on placements.submission_id = submissions.submission_id

)

select
    return_id,
    programme_id,
    person_no,
    area_code,
    employer_key,
    coalesce(is_permanent, false) as is_permanent,
    start_date,
    end_date

from ranked
where statement_no = 1
