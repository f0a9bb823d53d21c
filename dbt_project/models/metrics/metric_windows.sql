with

metrics as (

    select metric_id from {{ ref('metric_definitions') }}
    where metric_id in ('M01', 'M02', 'M04', 'M05', 'M08', 'M09', 'M11', 'M22')

)

select
    windows.part_programme_id,
    windows.programme_id,
    windows.area_code,
    windows.is_parent_level,
    windows.has_area_rows,
    windows.period_type,
    windows.period_start,
    windows.period_end,
    metrics.metric_id,
    windows.has_missing_returns or silences.subject is not null as is_short

from {{ ref('windows') }} as windows
cross join metrics
left join {{ ref('silences') }} as silences
    on
        metrics.metric_id = silences.subject
        and windows.part_programme_id = silences.part_programme_id
        and windows.programme_id = silences.programme_id
        and windows.period_start = silences.period_start
        and windows.period_end = silences.period_end
