-- Snapshots say that they are snapshots, and social value that it is gross (rule P04).
select
    metric_id,
    programme_id

from {{ ref('metric_values') }}
where
    (metric_id in ('M06', 'M12', 'M32') and coalesce(caveat, '') not like '%napshot%')
    or (metric_id = 'M31' and not is_published_figure and coalesce(caveat, '') not like '%ross%')
