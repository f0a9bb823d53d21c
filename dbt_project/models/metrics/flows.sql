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
