-- People are not more than their attendances.
select
    people.submission_id,
    people.source_sheet,
    people.source_row,
    people.record_no,
    'counts' as entity,
    'value_lower' as column_name,
    cast(people.value_lower as bigint) as a,
    cast(attended.value_upper as bigint) as b
from counts as people
inner join counts as attended
    on
        people.submission_id = attended.submission_id
        and people.programme_id = attended.programme_id
        and people.area_code is not distinct from attended.area_code
        and people.breakdown_type = attended.breakdown_type
        and people.breakdown_value = attended.breakdown_value
        and people.period_start = attended.period_start
        and people.period_end = attended.period_end
where
    people.count_code = 'unique_attendees'
    and attended.count_code = 'attendances'
    and people.value_lower > attended.value_upper
