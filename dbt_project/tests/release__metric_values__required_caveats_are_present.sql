-- Snapshots say that they are snapshots, and social value that it is gross, or net of what, and where its
-- sources say no year (rule P04).
select
    metric_values.metric_id,
    metric_values.programme_id

from {{ ref('metric_values') }} as metric_values
left join {{ ref('value_streams') }} as streams
    on
        metric_values.programme_id = streams.programme_id
        and metric_values.breakdown_value = streams.stream
        and metric_values.period_start = streams.period_start
        and metric_values.breakdown_type = 'stream'
where
    (metric_values.metric_id in ('M06', 'M12', 'M32') and coalesce(metric_values.caveat, '') not like '%napshot%')
    or (
        metric_values.metric_id = 'M31'
        and not metric_values.is_published_figure
        and coalesce(metric_values.caveat, '') not like '%ross%'
    )
    or (
        metric_values.metric_id = 'M31'
        and not streams.is_dated
        and coalesce(metric_values.caveat, '') not like '%Undated%'
    )
