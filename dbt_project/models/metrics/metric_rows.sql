with

{% set topics = [
    'metric_events', 'metric_people', 'metric_rates', 'metric_equality', 'metric_cohorts', 'metric_evidence',
    'metric_sustainment',
    'metric_barriers', 'metric_measures', 'metric_activity', 'metric_social_value', 'metric_money',
    'metric_placements', 'metric_targets', 'metric_timeliness', 'metric_survival', 'metric_engagement',
    'metric_unit_costs', 'metric_completeness', 'metric_reach', 'metric_value_lenses', 'metric_net_value',
] %}

computed as (

    {% for topic in topics -%}
        select * from {{ ref(topic) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

carried as (

    select * from {{ ref('metric_reference') }}

),

-- A figure carried from a source stands in place of one that returns would give.
stated as (

    select
        computed.*,
        false as is_published_figure

    from computed
    left join carried
        on
            computed.metric_id = carried.metric_id
            and computed.programme_id = carried.programme_id
            and computed.area_code = carried.area_code
            and computed.breakdown_type = carried.breakdown_type
            and computed.breakdown_value = carried.breakdown_value
            and computed.period_start = carried.period_start
            and computed.period_end = carried.period_end
    where carried.metric_id is null

    union all

    select
        carried.*,
        true as is_published_figure

    from carried

)

select * from stated
