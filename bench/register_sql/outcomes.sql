with claimed as (
    select i, return_id, programme_id, i as source_row, job_date as said_on, job_date as outcome_date,
        case when roll(i, 13) < 8300 then 'EMP_START' when roll(i, 13) < 9300 then 'SELF_EMP'
            else 'APPRENTICESHIP' end as outcome_code,
        status as evidence_status_code,
        case when status in ('evidenced', 'verified')
            then ['payslip', 'employer_letter', 'contract', 'portal'][1 + roll(i, 14) % 4] end
            as evidence_type_code,
        case when status in ('evidenced', 'verified') then job_date + days_to_evidence end as evidence_date,
        [16, 20, 24, 30, 35, 37][1 + roll(i, 15) % 6] as hours_per_week,
        'eit_paid_job' as definition_code,
        roll(i, 16) < 700 as is_wage_subsidy
    from job
)
select * from claimed
union all
-- Doncaster states some jobs again once they are verified
select * replace ('verified' as evidence_status_code, 'payslip' as evidence_type_code,
    outcome_date + 40 as evidence_date, i + $people as source_row, outcome_date + 40 as said_on)
from claimed
where return_id = 'doncaster_eit' and roll(i, 17) < 2000 and outcome_date + 40 <= last_day()
union all
select i, return_id, programme_id, i + 2 * $people as source_row, start_date + 60 as said_on,
    start_date + 60 as outcome_date, 'QUALIFICATION' as outcome_code, 'evidenced' as evidence_status_code,
    'certificate' as evidence_type_code, start_date + 70 as evidence_date, null as hours_per_week,
    'eit_employment' as definition_code, false as is_wage_subsidy
from spell
where spell_no = 1 and roll(i, 18) < 200 and start_date + 70 <= last_day()
