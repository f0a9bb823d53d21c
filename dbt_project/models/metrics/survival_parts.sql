with

parts as (

    select
        survival.span_type,
        levels.level_programme_id as programme_id,
        levels.level_area_code,
        levels.is_parent_level,
        survival.area_code,
        survival.period_type,
        survival.weeks,
        survival.reached,
        survival.period_start

    from {{ ref('survival_points') }} as survival
    inner join {{ ref('programme_levels') }} as levels on survival.programme_id = levels.programme_id
    where survival.reached > 0

),

-- A total's parts are its programmes and its areas; the parts of a family's area, its programmes there.
placed as (

    select
        span_type,
        programme_id,
        level_area_code as area_code,
        period_type,
        weeks,
        reached,
        period_start

    from parts
    where is_parent_level or area_code <> level_area_code

    union all

    select
        span_type,
        programme_id,
        area_code,
        period_type,
        weeks,
        reached,
        period_start

    from parts
    where is_parent_level and area_code <> level_area_code

)

select
    span_type,
    programme_id,
    area_code,
    period_type,
    weeks,
    min(reached) as reached,
    period_start

from placed
group by span_type, programme_id, area_code, period_type, period_start, weeks
