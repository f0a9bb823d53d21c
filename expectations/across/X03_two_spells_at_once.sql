-- A person has one spell on a programme at a time: none begins before the one before it has ended.
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'starts' as entity,
    'start_date' as column_name,
    lag(source_row) over spells as first
from starts
where record_key is not null and start_date is not null
window spells as (partition by submission_id, record_key, programme_id order by start_date, record_no)
qualify
    start_date < lag(coalesce(end_date, date '9999-12-31')) over spells
    and start_date > lag(start_date) over spells
