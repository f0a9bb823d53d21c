with

windows as (

    select * from {{ ref('area_windows') }}

),

parts as (

    select
        sources.metric_id,
        sources.source_grain,
        windows.programme_id,
        windows.area_code,
        metric_windows.is_short,
        windows.period_start,
        windows.period_end,
        case when sources.is_count_of_people then counted.value_lower else least(counted.value_lower, 1) end
            as people_lower,
        case
            when sources.source_grain = 'record' then 0
            when counted.metric_id is not null then counted.value_upper
            -- it counted at another time, or a nil return says that there was nobody
            when windows.member_area_code = 'all' then 0
        end as people_upper

    from {{ ref('people_sources') }} as sources
    inner join windows
        on
            sources.programme_id = windows.part_programme_id
            and (windows.period_type <> 'quarter' or sources.metric_id = 'M02')
            -- events bound the people of a region, or beside records; alone of their programme they say nothing new
            and (windows.is_parent_level or sources.is_count_of_people or sources.has_records)
    inner join {{ ref('metric_windows') }} as metric_windows
        on
            sources.metric_id = metric_windows.metric_id
            and sources.programme_id = metric_windows.part_programme_id
            and windows.programme_id = metric_windows.programme_id
            and windows.period_start = metric_windows.period_start
            and windows.period_end = metric_windows.period_end
    left join {{ ref('count_totals') }} as counted
        on
            sources.source_grain = 'aggregate'
            and sources.count_metric_id = counted.metric_id
            and sources.programme_id = counted.part_programme_id
            and windows.programme_id = counted.programme_id
            -- of an area nobody has counted people
            and windows.member_area_code = 'all'
            and windows.period_start = counted.period_start
            and windows.period_end = counted.period_end

),

wholes as (

    select
        metric_id,
        programme_id,
        area_code,
        period_start,
        period_end,
        case when min(source_grain) = max(source_grain) then min(source_grain) else 'mixed' end as source_grain,
        coalesce(max(people_lower), 0) as largest_count,
        coalesce(sum(people_upper), 0) as summed_counts,
        count(*) = count(people_upper) and not bool_or(is_short) as is_whole

    from parts
    group by metric_id, programme_id, area_code, period_start, period_end

),

-- People whom records name are counted once for the region. A partner that counts without naming
-- may mean the same people or others: at least the larger of the two, at most both.
bounded as (

    select
        wholes.*,
        greatest(coalesce(recorded.people, 0), wholes.largest_count) as people_lower,
        case
            when wholes.is_whole and gaps.programme_id is null
                then coalesce(recorded.people, 0) + wholes.summed_counts
        end as people_upper

    from wholes
    left join {{ ref('people_recorded') }} as recorded
        on
            wholes.metric_id = recorded.metric_id
            and wholes.programme_id = recorded.programme_id
            and wholes.area_code = recorded.area_code
            and wholes.period_start = recorded.period_start
            and wholes.period_end = recorded.period_end
    left join {{ ref('region_gaps') }} as gaps
        on
            wholes.programme_id = gaps.programme_id
            and wholes.metric_id = gaps.metric_id
            and gaps.breakdown_type = 'all'

)

select
    {{ metric_row(
        metric_id='metric_id',
        numerator='case when people_lower = people_upper then people_lower end',
        bound_lower='case when people_lower = people_upper then null else people_lower end',
        bound_upper='case when people_lower = people_upper then null else people_upper end',
        contributors='case when people_lower = people_upper then people_lower end',
        source_grain='source_grain',
    ) }}

from bounded
