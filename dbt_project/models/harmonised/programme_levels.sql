with

programmes as (

    select * from {{ ref('programmes') }}

),

own as (

    select
        programme_id,
        programme_id as level_programme_id,
        area_code as level_area_code,
        entry_rule,
        false as is_parent_level

    from programmes

),

parents as (

    select
        programmes.programme_id,
        parents.programme_id as level_programme_id,
        parents.area_code as level_area_code,
        programmes.entry_rule,
        true as is_parent_level

    from programmes
    inner join programmes as parents on programmes.parent_programme_id = parents.programme_id

)

select * from own
union all
select * from parents
