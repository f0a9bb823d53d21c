-- Two periods do not have the same numbers: all of at least five counts of what happened, not all of them nil.
select
    counts.submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'counts' as entity
from counts
inner join last_counts
    on
        counts.programme_id = last_counts.programme_id
        and counts.count_code = last_counts.count_code
        and counts.area_code is not distinct from last_counts.area_code
        and counts.breakdown_type = last_counts.breakdown_type
        and counts.breakdown_value = last_counts.breakdown_value
        and counts.period_start > last_counts.period_end
where counts.period_type_code = 'flow' and last_counts.period_type_code = 'flow'
group by counts.submission_id
having
    count(*) >= 5
    and count(*) filter (where counts.value_lower is distinct from last_counts.value_lower) = 0
    and count(distinct counts.value_lower) > 1
