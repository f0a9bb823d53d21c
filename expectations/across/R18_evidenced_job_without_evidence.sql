-- An evidenced job has the type and the date of its evidence, as far as the return has columns for them
-- and what stands there could be read.
with lacking as (
    select
        outcomes.*,
        outcomes.evidence_date is null and exists (
            select 1 from fed
            where
                fed.submission_id = outcomes.submission_id
                and fed.entity = 'outcomes'
                and fed.column_name = 'evidence_date'
        ) as has_no_date,
        coalesce(outcomes.evidence_type_code, 'unknown') = 'unknown' and exists (
            select 1 from fed
            where
                fed.submission_id = outcomes.submission_id
                and fed.entity = 'outcomes'
                and fed.column_name = 'evidence_type_code'
        ) as has_no_type
    from outcomes
    where
        not outcomes.stops
        and outcomes.outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP', 'PERMANENT_CONVERSION')
        and outcomes.evidence_status_code in ('evidenced', 'verified')
)

select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'outcomes' as entity,
    case when has_no_date then 'evidence_date' else 'evidence_type_code' end as column_name
from lacking
where has_no_date or has_no_type
