{#
    Common table expressions over flows and windows, for what nobody says: `unsaid`, a row for each window and
    metric of a programme, and `unsaid_areas`, one for each area of it too. Nothing said is a zero where we hold
    the records, and not known where the partner counts.
#}
{% macro silences() %}
sources as (

    -- of who counts at one time and records at another, records say when there was nothing
    select
        programme_id,
        metric_id,
        max(source_grain) as source_grain

    from (
        select
            programme_id,
            metric_id,
            source_grain
        from flows
        union all
        -- jobs claimed, of which none is evidenced
        select
            programme_id,
            'M08' as metric_id,
            source_grain
        from flows
        where metric_id = 'M09'
    ) as said
    group by programme_id, metric_id

),

unsaid as (

    select
        windows.*,
        sources.metric_id,
        'all' as breakdown_type,
        'all' as breakdown_value,
        'all' as flow_area_code,
        sources.source_grain,
        0 as value_lower,
        case when sources.source_grain = 'record' then 0 end as value_upper,
        3 as precedence

    from sources
    inner join windows on sources.programme_id = windows.part_programme_id

),

-- An area of the programme, by any of its records, in which nothing is recorded of the metric.
unsaid_areas as (

    select
        windows.programme_id,
        windows.has_missing_returns,
        windows.period_type,
        windows.period_start,
        windows.period_end,
        sources.metric_id,
        sources.source_grain,
        'all' as breakdown_type,
        'all' as breakdown_value,
        areas.area_code as flow_area_code,
        0 as value_lower,
        0 as value_upper

    from sources
    inner join (
        select distinct
            programme_id,
            area_code
        from flows
        where source_grain = 'record' and area_code <> 'unknown'
    ) as areas on sources.programme_id = areas.programme_id
    inner join windows on sources.programme_id = windows.part_programme_id
    where sources.source_grain = 'record' and windows.has_area_rows

),
{% endmacro %}
