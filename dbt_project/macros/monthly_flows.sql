{#- Events by month, in total and by each breakdown (its name: the column) on its own; `events` has
    metric_id, programme_id, area_code, flow_start and those columns. -#}
{% macro monthly_flows(events, breakdowns, shared_claims='cast(0 as bigint)') -%}
    select
        metric_id,
        programme_id,
        area_code,
        case
            {%- for name, column in breakdowns.items() %}
                when grouping({{ column }}) = 0 then '{{ name }}'
            {%- endfor %}
            else 'all'
        end as breakdown_type,
        coalesce({{ breakdowns.values() | join(', ') }}, 'all') as breakdown_value,
        flow_start,
        count(*) as events,
        {{ shared_claims }} as shared_claims

    from {{ events }}
    group by
        grouping sets (
            (metric_id, programme_id, area_code, flow_start),
            {%- for column in breakdowns.values() %}
                (metric_id, programme_id, area_code, flow_start, {{ column }}){{ ',' if not loop.last }}
            {%- endfor %}
        )
{%- endmacro %}
