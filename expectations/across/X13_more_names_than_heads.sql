-- On a day with a headcount, no more named people attended the programme's sessions than were there.
with heads as (
    select
        submission_id,
        programme_id,
        activity_date,
        sum(headcount) as headcount
    from activities
    where activity_code = 'session' and headcount is not null
    group by all
),

named as (
    select
        submission_id,
        programme_id,
        activity_date,
        sum(quantity) as attendees
    from activities
    where activity_code = 'attendance' and record_key is not null
    group by all
)

select
    activities.submission_id,
    activities.source_sheet,
    activities.source_row,
    activities.record_no,
    'activities' as entity,
    'headcount' as column_name,
    cast(named.attendees as bigint) as a,
    heads.headcount as b
from activities
inner join heads
    on
        activities.submission_id = heads.submission_id
        and activities.programme_id = heads.programme_id
        and activities.activity_date = heads.activity_date
inner join named
    on
        activities.submission_id = named.submission_id
        and activities.programme_id = named.programme_id
        and activities.activity_date = named.activity_date
where activities.activity_code = 'session' and named.attendees > heads.headcount
