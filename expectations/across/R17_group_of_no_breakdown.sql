-- A group is one of a breakdown: women told under "all" are no total.
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'counts' as entity,
    'breakdown_value' as column_name,
    'the value' as value
from counts
where coalesce(breakdown_type, 'all') = 'all' and coalesce(breakdown_value, 'all') <> 'all' and not stops
