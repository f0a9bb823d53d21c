-- A start, referral or outcome is reported once; the first stays.
select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    entity,
    array_to_string(list_sort(list(what) over row_with_it), ', ') as what,
    first_row as first
from (
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'starts' as entity,
        'start' as what,
        first_value(source_row) over same_start as first_row,
        row_number() over same_start as place
    from starts
    where record_key is not null and start_date is not null
    window
        same_start as (
            partition by submission_id, record_key, programme_id, start_date order by record_no
        )
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'referrals' as entity,
        'referral' as what,
        first_value(source_row) over same_referral as first_row,
        row_number() over same_referral as place
    from referrals
    where record_key is not null and referral_date is not null
    window
        same_referral as (
            partition by submission_id, record_key, programme_id, referral_date, source_code, triage_outcome_code
            order by record_no
        )
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'outcomes' as entity,
        'outcome' as what,
        first_value(source_row) over same_outcome as first_row,
        row_number() over same_outcome as place
    from outcomes
    where record_key is not null and outcome_date is not null
    window same_outcome as (
        partition by submission_id, record_key, programme_id, outcome_code, outcome_date order by record_no
    )
) as repeated
where place > 1 and source_row <> first_row
window row_with_it as (partition by submission_id, source_sheet, source_row, first_row)
