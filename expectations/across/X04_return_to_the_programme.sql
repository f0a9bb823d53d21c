-- Where the programme counts people, a later start of the same person adds none.
select
    starts.submission_id,
    starts.source_sheet,
    starts.source_row,
    starts.record_no,
    'starts' as entity,
    'start_date' as column_name
from starts
inner join programmes on starts.programme_id = programmes.programme_id and programmes.entry_rule = 'person'
inner join (
    select
        record_key,
        programme_id,
        min(start_date) as first_start
    from (
        select
            record_key,
            programme_id,
            start_date
        from starts
        union all
        select
            record_key,
            programme_id,
            start_date
        from known_starts
    ) as told
    group by record_key, programme_id
) as entries
    on starts.record_key = entries.record_key and starts.programme_id = entries.programme_id
where
    starts.start_date > entries.first_start
    and not exists (
        -- a spell that begins before another has ended is no return: X03 tells it
        select 1
        from starts as others
        where
            others.submission_id = starts.submission_id
            and others.record_key = starts.record_key
            and others.programme_id = starts.programme_id
            and others.start_date < starts.start_date
            and coalesce(others.end_date, starts.start_date + 1) > starts.start_date
    )
