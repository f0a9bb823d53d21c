-- Who is unemployed is looking for work, so there is no reason for being inactive.
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'starts' as entity,
    'inactivity_reason_code' as column_name
from starts
where employment_status_code = 'unemployed' and inactivity_reason_code <> 'unknown'
