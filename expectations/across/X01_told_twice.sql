-- A start, referral, outcome or count is reported once, on whichever sheet; the first stays.
with told as (
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'starts' as entity,
        'start' as what,
        programme_id,
        record_key as of_whom,
        start_date as happened_on,
        null as kind
    from starts
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'referrals' as entity,
        'referral' as what,
        programme_id,
        record_key as of_whom,
        referral_date as happened_on,
        coalesce(source_code, '') || '/' || coalesce(triage_outcome_code, '') as kind
    from referrals
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'outcomes' as entity,
        'outcome' as what,
        programme_id,
        record_key as of_whom,
        outcome_date as happened_on,
        outcome_code as kind
    from outcomes
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'counts' as entity,
        'count' as what,
        programme_id,
        count_code as of_whom,
        period_end as happened_on,
        concat_ws('/', period_start, period_type_code, area_code, breakdown_type, breakdown_value) as kind
    from counts
    where value_status_code <> 'missing' and not stops
),

alike as (  -- few are: the windows below need not look at the others
    select
        entity,
        of_whom,
        happened_on
    from told
    where of_whom is not null and happened_on is not null
    group by entity, of_whom, happened_on
    having count(*) > 1
),

numbered as (
    select
        told.*,
        first_value(told.source_sheet) over same as first_sheet,
        first_value(told.source_row) over same as first_row
    from told
    inner join alike
        on told.entity = alike.entity and told.of_whom = alike.of_whom and told.happened_on = alike.happened_on
    window
        same as (
            partition by told.submission_id, told.entity, told.programme_id, told.of_whom, told.happened_on, told.kind
            order by told.record_no
        )
)

select
    submission_id,
    source_sheet,
    source_row,
    record_no,
    entity,
    array_to_string(list_sort(list(what) over row_with_it), ', ') as what,
    first_row || case when source_sheet = first_sheet then '' else ' of ' || first_sheet end as first
from numbered
where source_row <> first_row or source_sheet <> first_sheet
window row_with_it as (partition by submission_id, source_sheet, source_row, first_sheet, first_row)
