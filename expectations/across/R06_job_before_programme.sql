-- A job starts after the person joined the programme, whichever of the return's files says so.
select
    outcomes.submission_id,
    outcomes.source_sheet,
    outcomes.source_row,
    outcomes.record_no,
    'outcomes' as entity,
    'outcome_date' as column_name
from outcomes
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
    ) as joined
    group by record_key, programme_id
) as joining
    on outcomes.record_key = joining.record_key and outcomes.programme_id = joining.programme_id
where
    outcomes.outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP')
    and outcomes.outcome_date < joining.first_start
