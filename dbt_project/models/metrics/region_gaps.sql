with

flows as (

    select
        programme_id,
        metric_id,
        breakdown_type

    from {{ ref('flows') }}

    union

    -- jobs claimed, of which none is evidenced
    select
        programme_id,
        'M08' as metric_id,
        breakdown_type

    from {{ ref('flows') }}
    where metric_id = 'M09'

    union

    select
        programme_id,
        metric_id,
        'all' as breakdown_type

    from {{ ref('people_sources') }}

),

regions as (

    select * from {{ ref('region_programmes') }}

),

asked as (

    select distinct
        regions.region_programme_id,
        flows.metric_id,
        flows.breakdown_type

    from flows
    inner join regions on flows.programme_id = regions.programme_id

)

select distinct
    asked.region_programme_id as programme_id,
    asked.metric_id,
    asked.breakdown_type

from asked
inner join regions on asked.region_programme_id = regions.region_programme_id
left join flows
    on
        regions.programme_id = flows.programme_id
        and asked.metric_id = flows.metric_id
        and asked.breakdown_type = flows.breakdown_type
where flows.programme_id is null
