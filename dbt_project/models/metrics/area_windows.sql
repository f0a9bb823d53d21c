with

windows as (

    select * from {{ ref('windows') }}

),

-- The areas that a programme's records name; of records an area that is not known is a part of the whole too.
recorded_areas as (

    select distinct
        programme_levels.level_programme_id as programme_id,
        flows.area_code

    from {{ ref('flows') }} as flows
    inner join {{ ref('programme_levels') }} as programme_levels on flows.programme_id = programme_levels.programme_id
    where flows.source_grain = 'record'

),

{% set window -%}
    windows.part_programme_id,
    windows.programme_id,
    windows.is_parent_level,
    windows.period_type,
    windows.has_missing_returns,
    windows.period_start,
    windows.period_end,
    windows.observed_to
{%- endset %}

placed as (

    select
        {{ window }},
        windows.area_code,
        'all' as member_area_code

    from windows

    union all

    select
        {{ window }},
        recorded_areas.area_code,
        recorded_areas.area_code as member_area_code

    from windows
    inner join recorded_areas on windows.programme_id = recorded_areas.programme_id
    where windows.has_area_rows and recorded_areas.area_code <> 'all'

)

select * from placed
