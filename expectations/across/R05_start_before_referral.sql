-- A start is not before its referral: the person was referred, and every referral is later than the start.
select
    starts.submission_id,
    starts.source_sheet,
    starts.source_row,
    starts.record_no,
    'starts' as entity,
    'start_date' as column_name
from starts
inner join (
    select
        submission_id,
        record_key,
        programme_id,
        min(referral_date) as first_referral
    from referrals
    group by submission_id, record_key, programme_id
) as referred
    on
        starts.submission_id = referred.submission_id
        and starts.record_key = referred.record_key
        and starts.programme_id = referred.programme_id
where starts.start_date < referred.first_referral
