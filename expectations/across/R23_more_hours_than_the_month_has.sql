-- Volunteer hours are not below zero; one person, or each of those counted, gives at most 24 a day of the month.
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'activities' as entity,
    'quantity' as column_name
from activities
where
    activity_code = 'volunteer_hours'
    and (
        quantity < 0
        or quantity > 24 * day(last_day(activity_date)) * case
            when record_key is not null then 1
            else headcount
        end
    )
