-- A register drops nobody who was still on the programme when it was last sent.
select
    submissions.submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'participants' as entity,
    count(distinct last_participants.record_key) as n
from last_participants
cross join submissions
where
    submissions.scope = 'register'
    and not exists (
        select 1 from participants
        where participants.record_key = last_participants.record_key
    )
    and not exists (
        select 1 from last_starts
        where last_starts.record_key = last_participants.record_key and last_starts.end_date is not null
    )
group by submissions.submission_id
having count(distinct last_participants.record_key) > 0
