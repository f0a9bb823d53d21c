with

people_months as (

    select * from {{ ref('people_months') }}

),

windows as (

    select * from {{ ref('windows') }}

),

months as (

    select distinct
        metric_id,
        programme_id,
        month_start

    from people_months

),

-- Months are matched with windows first, a few hundred rows, and people with their months after.
month_windows as (

    select
        months.metric_id,
        months.programme_id as part_programme_id,
        months.month_start,
        windows.programme_id,
        windows.area_code,
        windows.is_parent_level,
        windows.period_start,
        windows.period_end

    from months
    inner join windows
        on
            months.programme_id = windows.part_programme_id
            and months.month_start between windows.period_start and windows.period_end
            and (windows.period_type <> 'quarter' or months.metric_id = 'M02')

)

select
    month_windows.metric_id,
    month_windows.programme_id,
    month_windows.area_code,
    count(distinct people_months.person_no) as people,
    month_windows.period_start,
    month_windows.period_end

from people_months
inner join month_windows
    on
        people_months.metric_id = month_windows.metric_id
        and people_months.programme_id = month_windows.part_programme_id
        and people_months.month_start = month_windows.month_start
        and (people_months.is_counted_in_region or not month_windows.is_parent_level)
group by
    month_windows.metric_id,
    month_windows.programme_id,
    month_windows.area_code,
    month_windows.period_start,
    month_windows.period_end
