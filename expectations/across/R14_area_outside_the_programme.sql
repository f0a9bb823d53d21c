-- The area lies within the programme's geography: the programme's own district, or one of its region's.
with placed as (
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'participants' as entity,
        programme_id,
        area_code
    from participants
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'counts' as entity,
        programme_id,
        area_code
    from counts
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'spend' as entity,
        programme_id,
        area_code
    from spend
    union all
    select
        submission_id,
        source_sheet,
        source_row,
        record_no,
        'targets' as entity,
        programme_id,
        area_code
    from targets
)

select
    placed.submission_id,
    placed.source_sheet,
    placed.source_row,
    placed.record_no,
    placed.entity,
    'area_code' as column_name,
    areas.area_name as area,
    programmes.programme_name as programme
from placed
inner join programmes on placed.programme_id = programmes.programme_id
inner join areas on placed.area_code = areas.area_code
where
    programmes.area_code <> 'all'
    and areas.area_level = 'district'
    and programmes.area_code not in (areas.area_code, coalesce(areas.parent_code, ''))
    and exists (
        select 1 from areas as own
        where own.area_code = programmes.area_code and own.area_level in ('district', 'combined_authority')
    )
