-- Evidence dates from the event or the twelve months after it.
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'outcomes' as entity,
    'evidence_date' as column_name
from outcomes
where
    evidence_date < outcome_date
    or evidence_date > outcome_date + interval 12 month
