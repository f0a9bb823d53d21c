with

engagements as (

    select
        programme_id,
        person_no,
        activity_date,
        quantity

    from {{ ref('activities') }}
    where person_no is not null and activity_code in ('attendance', 'one_to_one', 'call_text')

),

-- Only programmes that report contacts person by person: elsewhere nobody knows.
windows as (

    select windows.*

    from {{ ref('area_windows') }} as windows
    inner join (select distinct programme_id from engagements) as engaging
        on windows.part_programme_id = engaging.programme_id
    where not windows.is_parent_level

),

-- Active is who has a spell open on some day of the period, engaged or not.
active as (

    select distinct
        windows.programme_id,
        windows.area_code,
        windows.has_missing_returns,
        windows.period_start,
        windows.period_end,
        starts.person_no

    from {{ ref('starts') }} as starts
    inner join windows
        on
            starts.programme_id = windows.part_programme_id
            and windows.member_area_code in ('all', starts.area_code)
            and starts.start_date <= windows.period_end
            and coalesce(starts.end_date >= windows.period_start, true)

),

people as (

    select
        active.programme_id,
        active.area_code,
        active.has_missing_returns,
        active.period_start,
        active.period_end,
        active.person_no,
        coalesce(sum(engagements.quantity), 0) as engagements

    from active
    left join engagements
        on
            active.programme_id = engagements.programme_id
            and active.person_no = engagements.person_no
            and engagements.activity_date between active.period_start and active.period_end
    group by
        active.programme_id,
        active.area_code,
        active.has_missing_returns,
        active.period_start,
        active.period_end,
        active.person_no

),

summed as (

    select
        programme_id,
        area_code,
        period_start,
        period_end,
        -- contacts of a month that nobody reported are not none
        case when not has_missing_returns then sum(engagements) end as engagements,
        case when not has_missing_returns then count(*) end as active_people,
        count(case when engagements > 0 then 1 end) as engaged_people,
        percentile_cont(0.5) within group (order by engagements) as median_engagements

    from people
    group by programme_id, area_code, has_missing_returns, period_start, period_end

)

select
    {{ metric_row("'M19'", numerator='engagements', denominator='active_people', contributors='engaged_people') }}
from summed

union all

-- a median needs ten people on either side
select
    {{ metric_row("'M19'", breakdown_type="'measure'", breakdown_value="'median'",
        numerator='case when active_people >= 20 then median_engagements end',
        exact_value='case when active_people >= 20 then median_engagements end', contributors='engaged_people',
        unit="'engagements'") }}
from summed
