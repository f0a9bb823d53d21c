with

areas as (

    select * from {{ ref('areas') }}

),

updated as (

    select
        areas.area_code,
        coalesce(successors.area_code, areas.area_code) as current_area_code,
        coalesce(successors.area_vintage, areas.area_vintage) as current_area_vintage,
        coalesce(successors.area_name, areas.area_name) as area_name,
        coalesce(successors.area_level, areas.area_level) as area_level,
        areas.is_approximate

    from areas
    left join areas as successors on areas.successor_code = successors.area_code

)

select * from updated
