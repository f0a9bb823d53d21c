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

ranked as (

    select
        sustainments.*,
        participants.person_no,
        row_number() over (
            partition by
                participants.person_no,
                sustainments.programme_id,
                sustainments.job_start_date,
                sustainments.check_weeks
            order by
                submissions.last_period_end desc,
                -- not said: before any day
                coalesce(sustainments.check_date, date '1900-01-01') desc,
                sustainments.return_id asc,
                sustainments.source_sheet asc,
                sustainments.source_row asc
        ) as statement_no

    from sustainments
    inner join participants
        on
            sustainments.record_key = participants.record_key
            and sustainments.programme_id = participants.programme_id
    left join submissions on sustainments.submission_id = submissions.submission_id

)

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

from ranked
where statement_no = 1
