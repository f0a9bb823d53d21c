{#
    Common table expressions over flows and windows: `matched`, the flows of each window, and what nobody says:
    `unsaid`, a row for each window and metric of a programme, and `unsaid_areas`, one for each area of it too.
    Of what nobody says nothing happened, where we hold the records or a nil return says so; a window that went
    by without a word is short.
#}
{% macro flows_in_windows() %}
matched as (

    select
        windows.*,
        flows.breakdown_type,
        flows.breakdown_value,
        flows.area_code as flow_area_code,
        flows.source_grain,
        -- of a count that reaches over the edge of the window, none or all can have happened in it
        case
            when flows.flow_start >= windows.period_start and flows.flow_end <= windows.period_end
                then flows.value_lower - case when windows.is_parent_level then flows.shared_claims else 0 end
            else 0
        end as value_lower,
        flows.value_upper - case when windows.is_parent_level then flows.shared_claims else 0 end as value_upper,
        flows.is_year_to_date,
        flows.flow_start,
        flows.flow_end

    from flows
    inner join windows
        on
            flows.programme_id = windows.part_programme_id
            and flows.metric_id = windows.metric_id
            and flows.flow_start <= windows.period_end
            and flows.flow_end >= windows.period_start
    where
        not flows.is_year_to_date
        or (flows.flow_start = windows.period_start and flows.flow_end <= windows.period_end)

),

sources as (

    -- of who counts at one time and records at another, records say when there was nothing
    select
        programme_id,
        metric_id,
        case when bool_or(source_grain = 'record') then 'record' else 'aggregate' end as source_grain

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
        'all' as breakdown_type,
        'all' as breakdown_value,
        'all' as flow_area_code,
        sources.source_grain,
        0 as value_lower,
        0 as value_upper,
        false as is_year_to_date,
        cast(null as date) as flow_start,
        cast(null as date) as flow_end

    from sources
    inner join windows on sources.programme_id = windows.part_programme_id and sources.metric_id = windows.metric_id

),

-- An area of the programme, by any of its records, in which nothing is recorded of the metric.
unsaid_areas as (

    select
        windows.programme_id,
        windows.is_short,
        windows.period_type,
        windows.period_start,
        windows.period_end,
        windows.metric_id,
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
        where source_grain = 'record'
    ) as areas on sources.programme_id = areas.programme_id
    inner join windows on sources.programme_id = windows.part_programme_id and sources.metric_id = windows.metric_id
    where sources.source_grain = 'record' and windows.has_area_rows

),
{% endmacro %}
