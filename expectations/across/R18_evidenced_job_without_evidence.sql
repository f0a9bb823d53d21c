-- An evidenced job has the type and the date of its evidence, as far as the return has columns for them
-- and what stands there could be read.
select
    outcomes.submission_id,
    outcomes.source_sheet,
    outcomes.source_row,
    outcomes.record_no,
    'outcomes' as entity,
    'evidence_status_code' as column_name
from outcomes
where
    not outcomes.stops
    and outcomes.outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP', 'PERMANENT_CONVERSION')
    and outcomes.evidence_status_code in ('evidenced', 'verified')
    and (
        (
            outcomes.evidence_date is null
            and exists (
                select 1 from fed
                where
                    fed.submission_id = outcomes.submission_id
                    and fed.entity = 'outcomes'
                    and fed.column_name = 'evidence_date'
            )
        )
        or (
            coalesce(outcomes.evidence_type_code, 'unknown') = 'unknown'
            and exists (
                select 1 from fed
                where
                    fed.submission_id = outcomes.submission_id
                    and fed.entity = 'outcomes'
                    and fed.column_name = 'evidence_type_code'
            )
        )
    )
