-- A number says of which area it is, where the return has a column for it.
select
    numbers.submission_id,
    numbers.source_sheet,
    numbers.source_row,
    numbers.record_no,
    numbers.entity,
    'area_code' as column_name
from (
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        area_code,
        'counts' as entity
    from counts
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        area_code,
        'spend' as entity
    from spend
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        area_code,
        'targets' as entity
    from targets
) as numbers
inner join (select distinct
    submission_id,
    entity
from fed
where column_name = 'area_code') as told
    on numbers.submission_id = told.submission_id and numbers.entity = told.entity
where numbers.area_code is null
