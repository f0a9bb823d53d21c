-- What was counted or held is over by the day the return was received, or by the end of the period it covers. A count
-- so far may bear the name of its financial year.
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
    case
        when counts.period_start > greatest(submissions.received_on, submissions.period_end) then 'period_start'
        else 'period_end'
    end as column_name
from counts
inner join submissions on counts.submission_id = submissions.submission_id
where
    counts.period_start > greatest(submissions.received_on, submissions.period_end)
    or counts.period_end > greatest(
        submissions.received_on,
        submissions.period_end,
        make_date(year(counts.period_start) + case when month(counts.period_start) >= 4 then 1 else 0 end, 3, 31)
    )
