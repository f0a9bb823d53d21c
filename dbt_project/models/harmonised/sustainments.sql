with

sustainments as (

    select * from {{ ref('stg_returns__sustainments') }}

),

participants as (

    select * from {{ ref('participants') }}

),

submissions as (

    select * from {{ ref('submissions') }}

),

checked as (

    select
        sustainments.*,
        participants.person_no,
        submissions.last_period_end

    from sustainments
    inner join participants
        on
            sustainments.record_key = participants.record_key
            and sustainments.programme_id = participants.programme_id
    left join submissions on sustainments.submission_id = submissions.submission_id

),

-- not said: before any day
{{ newest_statements('checked', ['person_no', 'programme_id', 'job_start_date', 'check_weeks'], order="
    last_period_end desc, coalesce(check_date, date '1900-01-01') desc, return_id asc, source_sheet asc, source_row asc
") }}

select
    return_id,
    programme_id,
    person_no,
    check_weeks,
    -- sustained work that nobody has evidenced is not known to be sustained
    case
        when
            sustainment_status_code = 'sustained'
            and coalesce(evidence_status_code, 'claimed') not in ('evidenced', 'verified')
            then 'unknown'
        else sustainment_status_code
    end as sustainment_status_code,
    job_start_date,
    check_date

from newest
