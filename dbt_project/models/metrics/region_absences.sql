with

regions as (

    select * from {{ ref('region_programmes') }}

),

-- What each programme has ever reported person by person; of activities, also in counts.
reported as (

    {% for entity in ['starts', 'jobs', 'barriers', 'measures', 'placements'] -%}
        select distinct
            programme_id,
            '{{ entity }}' as entity

        from {{ ref(entity) }}
        union all
    {% endfor %}
    select
        programme_id,
        'activities' as entity

    from {{ ref('activities') }}

    union

    select
        programme_id,
        'activities' as entity

    from {{ ref('count_flows') }}
    where metric_id = 'M20'

),

asked as (

    select distinct
        regions.region_programme_id,
        reported.entity

    from reported
    inner join regions on reported.programme_id = regions.programme_id

),

silent as (

    select
        asked.region_programme_id,
        asked.entity,
        regions.area_name

    from asked
    inner join regions on asked.region_programme_id = regions.region_programme_id
    left join reported
        on regions.programme_id = reported.programme_id and asked.entity = reported.entity
    where reported.programme_id is null

)

select
    region_programme_id as programme_id,
    entity,
    concat('Without ', {{ listed('area_name') }}, ', which sends no ', entity, case when entity = 'activities' then '.' else ' person by person.' end)
        as absence_caveat

from silent
group by region_programme_id, entity
