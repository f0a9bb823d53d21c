-- A cumulative count does not fall while the year runs: even its highest reading is below the last one's lowest.
select
    counts.submission_id,
    counts.source_sheet,
    counts.source_row,
    counts.record_no,
    'counts' as entity,
    'value_lower' as column_name,
    count_codes.description as what,
    cast(last_counts.value_lower as bigint) as a,
    cast(counts.value_upper as bigint) as b
from counts
inner join last_counts
    on
        counts.programme_id = last_counts.programme_id
        and counts.count_code = last_counts.count_code
        and counts.area_code is not distinct from last_counts.area_code
        and counts.breakdown_type = last_counts.breakdown_type
        and counts.breakdown_value = last_counts.breakdown_value
        and counts.period_start = last_counts.period_start
        and counts.period_end >= last_counts.period_end
inner join count_codes on counts.count_code = count_codes.count_code
where
    counts.period_type_code = 'cumulative'
    and last_counts.period_type_code = 'cumulative'
    and counts.value_upper < last_counts.value_lower
