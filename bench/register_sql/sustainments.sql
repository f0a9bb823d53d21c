select i, return_id, programme_id, i + $people * (weeks // 26) as source_row, check_date as said_on,
    job_date as job_start_date, weeks as check_weeks, check_date,
    case when roll(i, 101 + weeks) < 7500 then 'sustained'
        when roll(i, 101 + weeks) < 9100 then 'not_sustained'
        else 'unknown' end as sustainment_status_code,
    case when roll(i, 102 + weeks) < 8500 then 'evidenced' when roll(i, 102 + weeks) < 9700 then 'verified'
        else 'claimed' end as evidence_status_code
from (
    select *, job_date + 7 * weeks as check_date from job cross join (values (13), (26)) as points(weeks)
) as due
where status in ('evidenced', 'verified') and check_date <= last_day() and roll(i, 100 + weeks) < 8500
