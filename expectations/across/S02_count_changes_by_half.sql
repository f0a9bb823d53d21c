-- A count of 20 or more does not change by more than half from one period to the next; nor, where six earlier
-- periods say how it moves, by more than three times their median deviation and a fifth.
with earlier as (
    select
        *,
        median(value_lower) over same as usual,
        mad(value_lower) over same as deviation,
        count(*) over same as periods,
        row_number() over (same order by period_start desc) as place
    from (
        select * from known_counts
        union
        select * from last_counts
    ) as told
    where period_type_code = 'flow' and breakdown_type = 'all' and value_lower = value_upper
    window same as (partition by programme_id, count_code, area_code)
)

select
    counts.submission_id,
    counts.source_sheet,
    counts.source_row,
    counts.record_no,
    'counts' as entity,
    'value_lower' as column_name,
    count_codes.description as what,
    cast(earlier.value_lower as bigint) as a,
    cast(counts.value_lower as bigint) as b
from counts
inner join earlier
    on
        counts.programme_id = earlier.programme_id
        and counts.count_code = earlier.count_code
        and counts.area_code is not distinct from earlier.area_code
        and counts.period_start > earlier.period_end
        and earlier.place = 1
inner join count_codes on counts.count_code = count_codes.count_code
where
    counts.period_type_code = 'flow'
    and counts.breakdown_type = 'all'
    and counts.value_lower = counts.value_upper
    and earlier.value_lower >= 20
    and (
        abs(counts.value_lower - earlier.value_lower) > 0.5 * earlier.value_lower
        or (
            earlier.periods >= 6
            and abs(counts.value_lower - earlier.usual) > greatest(3 * 1.4826 * earlier.deviation, 0.2 * earlier.usual)
        )
    )
