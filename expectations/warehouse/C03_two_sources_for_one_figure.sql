-- Two returns of the same kind report one figure of one programme and area; the first of them counts.
select
    coverage.programme_id as target,
    any_value(count_codes.description) as metric,
    any_value(areas.area_name) as area,
    any_value(coverage.return_id) filter (where coverage.is_authoritative) as a,
    string_agg(coverage.return_id, ' and ' order by coverage.return_id) filter (where not coverage.is_authoritative) as b
from harmonised.coverage as coverage
inner join reference.count_codes as count_codes on coverage.count_code = count_codes.count_code
inner join reference.areas as areas on coverage.area_code = areas.area_code
group by coverage.programme_id, coverage.area_code, coverage.count_code, coverage.source_grain
having count(*) > 1
order by target, metric
