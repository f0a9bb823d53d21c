-- Evidence follows the claim: of at least ten evidenced jobs, not all on the day the job began.
select
    submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'outcomes' as entity,
    'evidence_date' as column_name
from outcomes
where evidence_date is not null and outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP')
group by submission_id
having count(*) >= 10 and count(*) filter (where evidence_date <> outcome_date) = 0
