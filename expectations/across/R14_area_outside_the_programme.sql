-- The area lies within the programme's geography: the programme's own district, or one of its region's.
select
    participants.submission_id,
    participants.source_sheet,
    participants.source_row,
    participants.record_no,
    'participants' as entity,
    'area_code' as column_name,
    areas.area_name as area,
    programmes.programme_name as programme
from participants
inner join programmes on participants.programme_id = programmes.programme_id
inner join areas on participants.area_code = areas.area_code
where
    programmes.area_code <> 'all'
    and areas.area_level = 'district'
    and programmes.area_code not in (areas.area_code, coalesce(areas.parent_code, ''))
    and exists (
        select 1 from areas as own
        where own.area_code = programmes.area_code and own.area_level in ('district', 'combined_authority')
    )
