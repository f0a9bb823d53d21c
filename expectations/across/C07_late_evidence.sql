-- Jobs of quarters that the last file had closed, not evidenced there and evidenced now.
with told as (
    select * from last_outcomes
    union all
    select * from known_outcomes
),

unevidenced as (
    select
        record_key,
        programme_id,
        outcome_date
    from told
    group by record_key, programme_id, outcome_date
    having count(*) filter (where evidence_status_code in ('evidenced', 'verified')) = 0
)

select
    outcomes.submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'outcomes' as entity,
    'evidence_status_code' as column_name,
    count(*) as n
from outcomes
inner join submissions on outcomes.submission_id = submissions.submission_id
inner join unevidenced
    on
        outcomes.record_key = unevidenced.record_key
        and outcomes.programme_id = unevidenced.programme_id
        and outcomes.outcome_date = unevidenced.outcome_date
where
    outcomes.outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP')
    and outcomes.evidence_status_code in ('evidenced', 'verified')
    and outcomes.outcome_date < date_trunc('quarter', cast(submissions.period_start as date))
group by outcomes.submission_id
