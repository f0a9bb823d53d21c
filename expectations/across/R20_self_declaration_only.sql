-- A job rests on more than the person's own word.
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    'outcomes' as entity,
    'evidence_type_code' as column_name
from outcomes
where
    outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP', 'PERMANENT_CONVERSION')
    and evidence_status_code in ('evidenced', 'verified')
    and evidence_type_code = 'self_declaration'
