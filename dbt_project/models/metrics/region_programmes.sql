with

-- The programmes of a region, one for each of its areas, that owe returns about people.
owing as (

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

)

select
    owing.programme_id,
    owing.region_programme_id,
    areas.area_name

from owing
inner join {{ ref('programmes') }} as programmes on owing.programme_id = programmes.programme_id
inner join {{ ref('areas') }} as areas on programmes.area_code = areas.area_code
