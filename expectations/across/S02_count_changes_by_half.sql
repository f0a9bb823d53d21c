-- A count of 20 or more does not change by more than half from one period to the next.
select
    counts.submission_id,
    counts.source_sheet,
    counts.source_row,
    null as record_no,
    'counts' as entity,
    'value_lower' as column_name,
    counts.count_code as what,
    cast(last_counts.value_lower as bigint) as a,
    cast(counts.value_lower as bigint) as b
from counts
inner join last_counts
    on
        counts.programme_id = last_counts.programme_id
        and counts.count_code = last_counts.count_code
        and counts.area_code is not distinct from last_counts.area_code
        and counts.breakdown_type = 'all'
        and last_counts.breakdown_type = 'all'
        and counts.period_start > last_counts.period_end
where
    counts.period_type_code = 'flow'
    and last_counts.period_type_code = 'flow'
    and last_counts.value_lower = last_counts.value_upper
    and counts.value_lower = counts.value_upper
    and last_counts.value_lower >= 20
    and abs(counts.value_lower - last_counts.value_lower) > 0.5 * last_counts.value_lower
