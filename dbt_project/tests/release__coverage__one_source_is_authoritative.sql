-- Each programme, area and count has exactly one authoritative source in every month.
select
    programme_id,
    area_code,
    count_code,
    month_start,
    count(case when is_authoritative then 1 end) as authoritative_sources

from {{ ref('coverage') }}
group by programme_id, area_code, count_code, month_start
having count(case when is_authoritative then 1 end) <> 1
