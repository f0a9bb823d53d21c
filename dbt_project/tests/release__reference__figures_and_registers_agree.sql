-- The published figures that are drawn from a register equal it, and every metric they name is defined.
with

registers as (

    select
        'N01' as metric_id,
        dimension as breakdown_type,
        code as breakdown_value,
        programmes as value

    from {{ ref('national_programmes') }}

    union all

    select
        'N03' as metric_id,
        case when inactivity_reason_code = 'all' then 'all' else 'inactivity_reason' end as breakdown_type,
        inactivity_reason_code as breakdown_value,
        people as value

    from {{ ref('inactive_population') }}

)

select
    figures.figure_id,
    figures.metric_id,
    figures.breakdown_value

from {{ ref('published_figures') }} as figures
left join {{ ref('metric_definitions') }} as definitions on figures.metric_id = definitions.metric_id
left join registers
    on
        figures.metric_id = registers.metric_id
        and figures.breakdown_type = registers.breakdown_type
        and figures.breakdown_value = registers.breakdown_value
where
    definitions.metric_id is null
    or (figures.metric_id in ('N01', 'N03') and (registers.value is null or registers.value <> figures.value))
