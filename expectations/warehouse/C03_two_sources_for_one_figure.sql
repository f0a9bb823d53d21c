-- Two returns of the same kind report one figure of one programme, area and month; the first of them counts.
with doubled as (
    select distinct
        others.programme_id,
        others.area_code,
        others.count_code,
        standing.return_id,
        others.return_id as other_return_id
    from harmonised.coverage as others
    inner join harmonised.coverage as standing
        on
            others.programme_id = standing.programme_id
            and others.area_code = standing.area_code
            and others.count_code = standing.count_code
            and others.month_start = standing.month_start
            and others.source_grain = standing.source_grain
    where others.is_reported and standing.is_authoritative and not others.is_authoritative
)

select
    doubled.programme_id as target,
    any_value(count_codes.description) as metric,
    any_value(areas.area_name) as area,
    doubled.return_id as a,
    string_agg(doubled.other_return_id, ' and ' order by doubled.other_return_id) as b
from doubled
inner join reference.count_codes as count_codes on doubled.count_code = count_codes.count_code
inner join reference.areas as areas on doubled.area_code = areas.area_code
group by doubled.programme_id, doubled.area_code, doubled.count_code, doubled.return_id
order by target, metric, a
