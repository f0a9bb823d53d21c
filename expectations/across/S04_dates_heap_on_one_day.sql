-- Start dates do not heap on the first of the month: more than 40 in 100 of at least 20.
select
    submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'starts' as entity,
    'start_date' as column_name
from starts
where start_date is not null
group by submission_id
having count(*) >= 20 and count(*) filter (where day(start_date) = 1) > 0.4 * count(*)
