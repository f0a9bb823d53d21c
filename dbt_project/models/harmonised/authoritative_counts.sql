with

count_flows as (

    select * from {{ ref('count_flows') }}

),

flows as (

    select distinct
        programme_id,
        return_id,
        count_code,
        flow_start,
        flow_end

    from count_flows

),

-- Whether the count stands in all months of its flow, in some of them, or in none.
standing as (

    select
        flows.programme_id,
        flows.return_id,
        flows.count_code,
        flows.flow_start,
        flows.flow_end,
        bool_and(coverage.is_authoritative) as is_whole

    from flows
    inner join {{ ref('coverage') }} as coverage
        on
            flows.programme_id = coverage.programme_id
            and flows.return_id = coverage.return_id
            and flows.count_code = coverage.count_code
            and coverage.source_grain = 'aggregate'
            and coverage.month_start between cast(date_trunc('month', flows.flow_start) as date) and flows.flow_end
    group by flows.programme_id, flows.return_id, flows.count_code, flows.flow_start, flows.flow_end
    having bool_or(coverage.is_authoritative)

)

select
    count_flows.return_id,
    count_flows.programme_id,
    count_flows.area_code,
    count_flows.count_code,
    count_flows.metric_id,
    count_flows.unit,
    count_flows.breakdown_type,
    count_flows.breakdown_value,
    -- of a count whose months another source has in part, none or all can have happened in the others
    case when standing.is_whole then count_flows.value_lower else 0 end as value_lower,
    count_flows.value_upper,
    count_flows.is_additive,
    count_flows.is_year_to_date,
    count_flows.flow_start,
    count_flows.flow_end

from count_flows
inner join standing
    on
        count_flows.programme_id = standing.programme_id
        and count_flows.return_id = standing.return_id
        and count_flows.count_code = standing.count_code
        and count_flows.flow_start = standing.flow_start
        and count_flows.flow_end = standing.flow_end
where standing.is_whole or not count_flows.is_year_to_date
