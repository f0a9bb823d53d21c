-- Dates do not heap: of at least 20 starts, not more than 40 in 100 on the first of a month or on one other day.
-- Nor are all of at least eight exact counts of 20 or more round.
with days as (
    select
        submission_id,
        case when day(start_date) = 1 then 'the 1st of the month' else cast(start_date as varchar) end as start_day,
        count(*) as starts,
        sum(count(*)) over (partition by submission_id) as all_starts
    from starts
    where start_date is not null
    group by submission_id, start_day
)

select
    submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'starts' as entity,
    'start_date' as column_name,
    concat('Many start dates are ', start_day) as what
from days
where all_starts >= 20 and starts > 0.4 * all_starts
union all
select
    submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'counts' as entity,
    'value_lower' as column_name,
    'All numbers end in 0' as what
from counts
where value_status_code = 'exact' and value_lower >= 20
group by submission_id
having count(*) >= 8 and count(*) filter (where value_lower % 10 <> 0) = 0
