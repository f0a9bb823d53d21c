-- A result belongs to a start, in this file or in an earlier one of the same return.
select
    results.submission_id,
    results.source_sheet,
    results.source_row,
    results.record_no,
    results.entity
from (
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        record_key,
        programme_id,
        'outcomes' as entity
    from outcomes
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        record_key,
        programme_id,
        'sustainments' as entity
    from sustainments
) as results
inner join (
    select distinct submission_id from fed
    where entity = 'starts'
) as reporting on results.submission_id = reporting.submission_id
left join (
    select
        record_key,
        programme_id
    from starts
    union
    select
        record_key,
        programme_id
    from known_starts
) as joined
    on results.record_key = joined.record_key and results.programme_id = joined.programme_id
where results.record_key is not null and results.programme_id is not null and joined.record_key is null
