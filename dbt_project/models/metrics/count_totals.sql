with

matched as (

    select
        count_flows.metric_id,
        count_flows.count_code,
        -- of a count that reaches over the edge of the window, none or all can have happened in it
        case
            when count_flows.flow_start >= windows.period_start and count_flows.flow_end <= windows.period_end
                then count_flows.value_lower
            else 0
        end as value_lower,
        count_flows.value_upper,
        count_flows.is_additive,
        count_flows.is_year_to_date,
        count_flows.flow_start,
        count_flows.flow_end,
        windows.part_programme_id,
        windows.programme_id,
        windows.area_code,
        windows.is_parent_level,
        windows.has_missing_returns or silences.subject is not null as is_short,
        windows.period_type,
        windows.period_start,
        windows.period_end,
        max(case when count_flows.is_year_to_date then count_flows.flow_end end) over (
            partition by
                count_flows.count_code,
                count_flows.area_code,
                windows.programme_id,
                windows.part_programme_id,
                windows.period_start,
                windows.period_end
        ) as stated_to

    from {{ ref('authoritative_counts') }} as count_flows
    inner join {{ ref('windows') }} as windows
        on
            count_flows.programme_id = windows.part_programme_id
            and count_flows.flow_start <= windows.period_end
            and count_flows.flow_end >= windows.period_start
    left join {{ ref('silences') }} as silences
        on
            count_flows.count_code = silences.subject
            and windows.part_programme_id = silences.part_programme_id
            and windows.programme_id = silences.programme_id
            and windows.period_start = silences.period_start
            and windows.period_end = silences.period_end
    where
        count_flows.breakdown_type = 'all'
        and (
            count_flows.metric_id in ('M01', 'M02', 'M04', 'M05', 'M08', 'M11', 'M22')
            or (count_flows.flow_start >= windows.period_start and count_flows.flow_end <= windows.period_end)
        )
        and (
            not count_flows.is_year_to_date
            or (count_flows.flow_start = windows.period_start and count_flows.flow_end <= windows.period_end)
        )

)

select
    metric_id,
    count_code,
    part_programme_id,
    programme_id,
    area_code,
    is_parent_level,
    period_type,
    -- numbers of people can be added only where the partner counts nobody twice; otherwise the
    -- largest is the least that there can be
    cast(case when bool_and(is_additive) then sum(value_lower) else max(value_lower) end as decimal(18, 2))
        as value_lower,
    case
        when count(value_upper) = count(*) and not bool_or(is_short)
            then cast(sum(value_upper) as decimal(18, 2))
    end as value_upper,
    period_start,
    period_end

from matched
-- what the partner states of the window as a whole goes before the sum of its differences up to then
where case when is_year_to_date then flow_end = stated_to else coalesce(flow_start > stated_to, true) end
group by
    metric_id,
    count_code,
    part_programme_id,
    programme_id,
    area_code,
    is_parent_level,
    period_type,
    period_start,
    period_end
