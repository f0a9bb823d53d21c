with

recorded as (

    select
        windows.programme_id,
        windows.area_code,
        windows.is_parent_level,
        windows.has_missing_returns,
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
        windows.programme_id,
        windows.area_code,
        windows.is_parent_level,
        windows.has_missing_returns,
        windows.period_type,
        windows.period_start,
        windows.period_end

),

silences as (

    select distinct
        programme_id,
        subject,
        period_start,
        period_end

    from {{ ref('silences') }}

),

{% set measures = ['sessions', 'attendances', 'unique_attendees', 'volunteer_hours', 'volunteers'] %}

stated as (

    {% for measure in measures -%}
        select
            programme_id,
            area_code,
            is_parent_level,
            '{{ measure }}' as measure,
            'record' as source_grain,
            period_type,
            cast({{ measure }} as decimal(18, 2)) as value_lower,
            case when not has_missing_returns then cast({{ measure }} as decimal(18, 2)) end as value_upper,
            period_start,
            period_end

        from recorded
        where {{ measure }} > 0

        union all
    {% endfor %}
    select
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
    stated.programme_id,
    stated.area_code,
    stated.measure,
    case when min(stated.source_grain) = max(stated.source_grain) then min(stated.source_grain) else 'mixed' end
        as source_grain,
    stated.period_type,
    -- whom records name and whom a partner counts can be the same people
    cast(
        case
            when stated.measure in ('unique_attendees', 'volunteers') then max(stated.value_lower)
            else sum(stated.value_lower)
        end as decimal(18, 2)
    ) as value_lower,
    case
        when count(stated.value_upper) = count(*) and max(absences.entity) is null and max(silences.subject) is null
            then cast(sum(stated.value_upper) as decimal(18, 2))
    end as value_upper,
    max(absences.absence_caveat) as absence_caveat,
    stated.period_start,
    stated.period_end

from stated
left join {{ ref('region_absences') }} as absences
    on stated.programme_id = absences.programme_id and absences.entity = 'activities'
left join silences
    on
        stated.programme_id = silences.programme_id
        and stated.measure = silences.subject
        and stated.period_start = silences.period_start
        and stated.period_end = silences.period_end
where not stated.is_parent_level or stated.measure not in ('sessions', 'attendances')
group by
    stated.programme_id, stated.area_code, stated.measure, stated.period_type, stated.period_start, stated.period_end
