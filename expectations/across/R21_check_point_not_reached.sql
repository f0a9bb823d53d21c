-- A job said to be sustained has lasted the weeks of its check point by the day of the check.
select
    sustainments.submission_id,
    sustainments.source_sheet,
    sustainments.source_row,
    sustainments.record_no,
    'sustainments' as entity,
    'sustainment_status_code' as column_name,
    sustainments.check_weeks as weeks
from sustainments
inner join submissions on sustainments.submission_id = submissions.submission_id
where
    sustainments.sustainment_status_code = 'sustained'
    and sustainments.job_start_date + 7 * sustainments.check_weeks
    > coalesce(sustainments.check_date, submissions.received_on)
