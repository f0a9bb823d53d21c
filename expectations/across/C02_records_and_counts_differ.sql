-- What a return counts itself agrees with its own records, within two or 2%; records of earlier periods count too.
with happened as (
    select
        programme_id,
        'referrals' as count_code,
        referral_date as day
    from (
        select
            programme_id,
            referral_date,
            triage_outcome_code
        from referrals
        union all
        select
            programme_id,
            referral_date,
            triage_outcome_code
        from known_referrals
    ) as told
    where triage_outcome_code is distinct from 'duplicate'
    union all
    select
        programme_id,
        'starts' as count_code,
        start_date
    from starts
    union all
    select
        programme_id,
        'starts' as count_code,
        start_date
    from known_starts
    union all
    select
        programme_id,
        'evidenced_jobs' as count_code,
        outcome_date
    from (
        select
            programme_id,
            outcome_date,
            outcome_code,
            evidence_status_code
        from outcomes
        union all
        select
            programme_id,
            outcome_date,
            outcome_code,
            evidence_status_code
        from known_outcomes
    ) as told
    where
        outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP')
        and evidence_status_code in ('evidenced', 'verified')
)

select
    counts.submission_id,
    counts.source_sheet,
    counts.source_row,
    counts.record_no,
    'counts' as entity,
    'value_lower' as column_name,
    any_value(count_codes.description) as what,
    count(happened.day) as a,
    cast(any_value(counts.value_lower) as bigint) as b
from counts
inner join count_codes on counts.count_code = count_codes.count_code
inner join (select distinct
    submission_id,
    entity
from fed) as told
    on counts.submission_id = told.submission_id and count_codes.entity = told.entity
left join happened
    on
        counts.programme_id = happened.programme_id
        and counts.count_code = happened.count_code
        and happened.day between counts.period_start and counts.period_end
where
    counts.count_code in ('referrals', 'starts', 'evidenced_jobs')
    and counts.breakdown_type = 'all'
    and counts.value_lower = counts.value_upper
group by counts.submission_id, counts.source_sheet, counts.source_row, counts.record_no
having abs(count(happened.day) - any_value(counts.value_lower)) > greatest(2, 0.02 * any_value(counts.value_lower))
