-- A person has one open spell on a programme.
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'starts' as entity
from starts
where end_date is null and record_key is not null and start_date is not null
qualify
    count(distinct start_date) over (partition by submission_id, record_key, programme_id) > 1
