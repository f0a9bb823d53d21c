-- An evidenced job has the type and the date of its evidence, as far as the return has columns for them.
with lacking as (
    select
        *,
        'evidence_date' as column_name
    from outcomes
    where evidence_date is null
    union all
    select
        *,
        'evidence_type_code' as column_name
    from outcomes
    where coalesce(evidence_type_code, 'unknown') = 'unknown'
)

select
    lacking.submission_id,
    lacking.source_sheet,
    lacking.source_row,
    lacking.record_no,
    'outcomes' as entity,
    lacking.column_name
from lacking
inner join fed
    on
        lacking.submission_id = fed.submission_id
        and fed.entity = 'outcomes'
        and lacking.column_name = fed.column_name
where
    not lacking.stops
    and lacking.outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP', 'PERMANENT_CONVERSION')
    and lacking.evidence_status_code in ('evidenced', 'verified')
qualify row_number() over (partition by lacking.record_no order by lacking.column_name) = 1
