-- A sustained job has its job entry, in this file or in an earlier one of the same return; one without a start is R31.
select
    sustainments.submission_id,
    sustainments.source_sheet,
    sustainments.source_row,
    sustainments.record_no,
    'sustainments' as entity
from sustainments
inner join (
    select distinct submission_id from fed
    where entity = 'outcomes'
) as reporting on sustainments.submission_id = reporting.submission_id
where
    sustainments.sustainment_status_code = 'sustained'
    and sustainments.record_key is not null
    and sustainments.job_start_date is not null
    and not exists (
        select 1
        from (
            select
                record_key,
                programme_id,
                outcome_code
            from outcomes
            union all
            select
                record_key,
                programme_id,
                outcome_code
            from known_outcomes
        ) as jobs
        where
            jobs.record_key = sustainments.record_key
            and jobs.programme_id = sustainments.programme_id
            -- a code that could not be read has been told
            and coalesce(jobs.outcome_code, 'EMP_START') in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP')
    )
