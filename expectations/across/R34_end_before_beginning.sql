-- An end is not before its beginning.
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'starts' as entity,
    'end_date' as column_name
from starts
where end_date < start_date
union all
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'placements' as entity,
    'end_date' as column_name
from placements
where end_date < start_date
union all
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'counts' as entity,
    'period_end' as column_name
from counts
where period_end < period_start
union all
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'spend' as entity,
    'period_end' as column_name
from spend
where period_end < period_start
union all
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'targets' as entity,
    'period_end' as column_name
from targets
where period_end < period_start
