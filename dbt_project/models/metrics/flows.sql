with

record_flows as (

    select * from {{ ref('flows_referrals') }}
    union all
    select * from {{ ref('flows_starts') }}
    union all
    select * from {{ ref('flows_jobs') }}

),

count_flows as (

    select * from {{ ref('authoritative_counts') }}
    where metric_id in ('M01', 'M04', 'M08')

),

groups as (

    select distinct
        metric_id,
        programme_id,
        breakdown_type,
        breakdown_value

    from count_flows
    where breakdown_type <> 'all'

),

-- A count that is not cut by groups, as others are: none or all of it can be of each.
uncut as (

    select
        wholes.metric_id,
        wholes.programme_id,
        wholes.area_code,
        groups.breakdown_type,
        groups.breakdown_value,
        wholes.value_upper,
        wholes.flow_start,
        wholes.flow_end

    from count_flows as wholes
    inner join groups on wholes.metric_id = groups.metric_id and wholes.programme_id = groups.programme_id
    left join count_flows as parts
        on
            groups.metric_id = parts.metric_id
            and groups.programme_id = parts.programme_id
            and groups.breakdown_type = parts.breakdown_type
            and wholes.area_code = parts.area_code
            and wholes.flow_start >= parts.flow_start
            and wholes.flow_end <= parts.flow_end
            and not parts.is_year_to_date
    where wholes.breakdown_type = 'all' and not wholes.is_year_to_date and parts.metric_id is null

)

select
    metric_id,
    programme_id,
    area_code,
    breakdown_type,
    breakdown_value,
    'record' as source_grain,
    cast(events as decimal(18, 2)) as value_lower,
    cast(events as decimal(18, 2)) as value_upper,
    shared_claims,
    false as is_year_to_date,
    flow_start,
    cast(flow_start + interval '1 month' - interval '1 day' as date) as flow_end

from record_flows

union all

select
    metric_id,
    programme_id,
    area_code,
    breakdown_type,
    breakdown_value,
    'aggregate' as source_grain,
    value_lower,
    value_upper,
    cast(0 as bigint) as shared_claims,
    is_year_to_date,
    flow_start,
    flow_end

from count_flows

union all

select
    metric_id,
    programme_id,
    area_code,
    breakdown_type,
    breakdown_value,
    'aggregate' as source_grain,
    cast(0 as decimal(18, 2)) as value_lower,
    value_upper,
    cast(0 as bigint) as shared_claims,
    false as is_year_to_date,
    flow_start,
    flow_end

from uncut
