-- Employed, unemployed and inactive exclude each other: no row says two of them, and counts of the three add to
-- that of all participants, or their intervals to one that meets it.
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'starts' as entity,
    'employment_status_code' as column_name
from starts
where employment_status_code <> 'unknown'
qualify
    count(distinct employment_status_code)
        over (partition by submission_id, source_sheet, source_row, programme_id, start_date)
    > 1
union all
select
    parts.submission_id,
    parts.source_sheet,
    parts.source_row,
    parts.record_no,
    'counts' as entity,
    'value_lower' as column_name
from counts as parts
inner join submissions on parts.submission_id = submissions.submission_id
inner join counts as totals
    on
        parts.submission_id = totals.submission_id
        and parts.programme_id = totals.programme_id
        and parts.count_code = totals.count_code
        and parts.area_code is not distinct from totals.area_code
        and parts.period_start = totals.period_start
        and parts.period_end = totals.period_end
where
    parts.breakdown_type = 'employment_status'
    and totals.breakdown_type = 'all'
    and totals.value_status_code <> 'missing'
    and not totals.stops
window same as (partition by totals.submission_id, totals.record_no)
qualify
    sum(case when not parts.stops then parts.value_lower end) over same > coalesce(totals.value_upper, 1e9)
    or sum(case when parts.stops or submissions.has_rows_apart then 1e9 else coalesce(parts.value_upper, 1e9) end) over same
    < totals.value_lower
