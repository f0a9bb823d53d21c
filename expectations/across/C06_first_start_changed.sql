-- A first start does not change; more than two people and more than 2% of them is no slip of the pen. Dates of
-- birth, which the vault keeps, are compared at the door.
with first_starts as (
    select
        submission_id,
        record_key,
        programme_id,
        min(start_date) as start_date
    from starts
    group by submission_id, record_key, programme_id
),

last_first_starts as (
    select
        record_key,
        programme_id,
        min(start_date) as start_date
    from last_starts
    group by record_key, programme_id
),

compared as (
    select
        first_starts.submission_id,
        count(*) as people,
        count(*) filter (where first_starts.start_date <> last_first_starts.start_date) as changed
    from first_starts
    inner join last_first_starts
        on
            first_starts.record_key = last_first_starts.record_key
            and first_starts.programme_id = last_first_starts.programme_id
    inner join submissions
        on first_starts.submission_id = submissions.submission_id and submissions.scope = 'register'
    group by first_starts.submission_id
)

select
    submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'starts' as entity,
    'start_date' as column_name,
    'Start dates' as what,
    changed as n
from compared
where changed > 2 and changed > 0.02 * people
