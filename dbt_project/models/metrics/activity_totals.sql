with

recorded as (

    select
        windows.part_programme_id,
        windows.programme_id,
        windows.area_code,
        windows.is_parent_level,
        windows.period_type,
        windows.period_start,
        windows.period_end,
        sum(case when activities.activity_code = 'session' then activities.quantity end) as sessions,
        coalesce(
            sum(case when activities.activity_code = 'attendance' then activities.quantity end),
            sum(case when activities.activity_code = 'session' then activities.headcount end)
        ) as attendances,
        count(distinct case when activities.activity_code = 'attendance' then activities.person_no end)
            as unique_attendees,
        sum(case when activities.activity_code = 'volunteer_hours' then activities.quantity end) as volunteer_hours,
        count(distinct case when activities.activity_code = 'volunteer_hours' then activities.person_no end)
            as volunteers

    from {{ ref('activities') }} as activities
    inner join {{ ref('windows') }} as windows
        on
            activities.programme_id = windows.part_programme_id
            and activities.activity_date between windows.period_start and windows.period_end
    group by
        windows.part_programme_id,
        windows.programme_id,
        windows.area_code,
        windows.is_parent_level,
        windows.period_type,
        windows.period_start,
        windows.period_end

),

{% set measures = ['sessions', 'attendances', 'unique_attendees', 'volunteer_hours', 'volunteers'] %}

stated as (

    {% for measure in measures -%}
        select
            part_programme_id,
            programme_id,
            area_code,
            is_parent_level,
            '{{ measure }}' as measure,
            'record' as source_grain,
            period_type,
            cast({{ measure }} as decimal(18, 2)) as value_lower,
            cast({{ measure }} as decimal(18, 2)) as value_upper,
            period_start,
            period_end

        from recorded
        where {{ measure }} > 0

        union all
    {% endfor %}
    select
        part_programme_id,
        programme_id,
        area_code,
        is_parent_level,
        count_code as measure,
        'aggregate' as source_grain,
        period_type,
        value_lower,
        value_upper,
        period_start,
        period_end

    from {{ ref('count_totals') }}
    where count_code in ('{{ measures | join("', '") }}')

)

-- Sessions and attendances of one contract are not its organisation's: they stay with the contract.
select
    programme_id,
    area_code,
    measure,
    case when min(source_grain) = max(source_grain) then min(source_grain) else 'mixed' end as source_grain,
    period_type,
    cast(sum(value_lower) as decimal(18, 2)) as value_lower,
    case when count(value_upper) = count(*) then cast(sum(value_upper) as decimal(18, 2)) end as value_upper,
    period_start,
    period_end

from stated
where not is_parent_level or measure not in ('sessions', 'attendances')
group by programme_id, area_code, measure, period_type, period_start, period_end
