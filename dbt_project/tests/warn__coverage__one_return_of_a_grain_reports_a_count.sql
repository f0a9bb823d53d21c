-- Two returns of the same grain report the same count of the same area (rule C03): only the first counts.
{{ config(severity='warn') }}

select
    programme_id,
    area_code,
    count_code,
    source_grain,
    count(*) as returns_reporting

from {{ ref('coverage') }}
group by programme_id, area_code, count_code, source_grain
having count(*) > 1
