with

flows as (

    select
        programme_id,
        metric_id,
        breakdown_type

    from {{ ref('flows') }}

    union

    select
        programme_id,
        metric_id,
        'all' as breakdown_type

    from {{ ref('people_sources') }}

),

-- The programmes of a region, one for each of its areas, that owe returns about people.
regions as (

    select distinct
        programme_levels.programme_id,
        programme_levels.level_programme_id as region_programme_id

    from {{ ref('programme_levels') }} as programme_levels
    inner join {{ ref('areas') }} as areas on programme_levels.level_area_code = areas.area_code
    inner join {{ ref('stg_control__returns') }} as returns
        on programme_levels.programme_id = returns.programme_id
    where
        programme_levels.is_parent_level
        and areas.area_level = 'combined_authority'
        and returns.is_evidence_of_activity

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
