-- A percentage comes with the number of people behind it: a count of people of the same period and area.
select
    counts.submission_id,
    counts.source_sheet,
    counts.source_row,
    counts.record_no,
    'counts' as entity,
    'value_lower' as column_name,
    printf('%g', counts.value_lower) as p
from counts
inner join count_codes on counts.count_code = count_codes.count_code
where
    count_codes.unit = 'percent'
    and counts.value_lower is not null
    and not exists (
        select 1
        from counts as people
        inner join count_codes as units on people.count_code = units.count_code
        where
            units.unit in ('people', 'participations')
            and people.submission_id = counts.submission_id
            and people.programme_id = counts.programme_id
            and people.period_end = counts.period_end
            and people.value_lower is not null
    )
