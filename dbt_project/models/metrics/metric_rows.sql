with

{% set topics = [
    'metric_events', 'metric_people', 'metric_rates', 'metric_equality', 'metric_cohorts', 'metric_sustainment',
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

-- What counts jobs is not available where the jobs are of definitions that are not the same.
guarded as (

    select
        computed.metric_id,
        computed.unit,
        computed.programme_id,
        computed.area_code,
        computed.breakdown_type,
        computed.breakdown_value,
        computed.cohort_quarter,
        computed.period_start,
        computed.period_end,
        {% for part in ['numerator', 'denominator'] -%}
            case when mixed.programme_id is null then computed.{{ part }} end as {{ part }},
        {% endfor -%}
        computed.factor,
        {% for part in ['bound_lower', 'bound_upper', 'contributors', 'exact_value'] -%}
            case when mixed.programme_id is null then computed.{{ part }} end as {{ part }},
        {% endfor -%}
        computed.days_to_mature,
        computed.source_grain,
        nullif(concat_ws(' ', computed.caveat, counted.counted_caveat, mixed.definition_caveat), '') as caveat

    from computed
    left join {{ ref('mixed_definitions') }} as mixed
        on
            computed.programme_id = mixed.programme_id
            and (
                computed.metric_id in ('M08', 'M09', 'M10', 'M11', 'M12', 'M13', 'M14', 'M15', 'M16', 'M32')
                or computed.breakdown_value in ('per_evidenced_job', 'jobs', 'starts_needed', 'referrals_needed')
            )
    left join {{ ref('counted_months') }} as counted
        on
            computed.source_grain = 'record'
            and computed.programme_id = counted.programme_id
            and computed.period_start = counted.period_start
            and computed.period_end = counted.period_end

),

carried as (

    select * from {{ ref('metric_reference') }}

),

-- A figure carried from a source stands in place of one that returns would give.
stated as (

    select
        guarded.*,
        false as is_published_figure

    from guarded
    left join carried
        on
            guarded.metric_id = carried.metric_id
            and guarded.programme_id = carried.programme_id
            and guarded.area_code = carried.area_code
            and guarded.breakdown_type = carried.breakdown_type
            and guarded.breakdown_value = carried.breakdown_value
            and guarded.period_start = carried.period_start
            and guarded.period_end = carried.period_end
    where carried.metric_id is null

    union all

    select
        carried.*,
        true as is_published_figure

    from carried

)

select * from stated
