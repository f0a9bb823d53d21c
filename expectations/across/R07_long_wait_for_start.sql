-- At most 180 days pass between the last referral before a start and the start.
select
    starts.submission_id,
    starts.source_sheet,
    starts.source_row,
    starts.record_no,
    'starts' as entity,
    'start_date' as column_name,
    starts.start_date - max(referrals.referral_date) as days
from starts
inner join referrals
    on
        starts.submission_id = referrals.submission_id
        and starts.record_key = referrals.record_key
        and starts.programme_id = referrals.programme_id
        and starts.start_date >= referrals.referral_date
group by
    starts.submission_id, starts.source_sheet, starts.source_row, starts.record_no, starts.start_date
having starts.start_date - max(referrals.referral_date) > 180
