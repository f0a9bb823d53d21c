-- A job's hours a week are given, where the return has a column for them.
select
    outcomes.submission_id,
    outcomes.source_sheet,
    outcomes.source_row,
    outcomes.record_no,
    'outcomes' as entity,
    'hours_per_week' as column_name
from outcomes
inner join fed
    on
        outcomes.submission_id = fed.submission_id
        and fed.entity = 'outcomes'
        and fed.column_name = 'hours_per_week'
where
    outcomes.outcome_code in ('EMP_START', 'APPRENTICESHIP')
    and outcomes.hours_per_week is null
