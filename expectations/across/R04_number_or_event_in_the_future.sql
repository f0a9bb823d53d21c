-- What was counted or held is over by the day the return was received, or by the end of the period it covers.
select
    activities.submission_id,
    activities.source_sheet,
    activities.source_row,
    activities.record_no,
    'activities' as entity,
    'activity_date' as column_name
from activities
inner join submissions on activities.submission_id = submissions.submission_id
where activities.activity_date > greatest(submissions.received_on, submissions.period_end)
union all
select
    counts.submission_id,
    counts.source_sheet,
    counts.source_row,
    counts.record_no,
    'counts' as entity,
    'period_end' as column_name
from counts
inner join submissions on counts.submission_id = submissions.submission_id
where counts.period_end > greatest(submissions.received_on, submissions.period_end)
