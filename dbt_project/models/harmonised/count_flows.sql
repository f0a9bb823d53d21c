with

counts as (

    select
        *,
        {{ financial_year_start('period_end') }} as year_start

    from {{ ref('counts') }}
    where period_type_code in ('flow', 'cumulative') and unit <> 'percent'

),

reported_flows as (

    select * from counts
    where period_type_code = 'flow'

),

cumulative as (

    select
        *,
        lag(period_end) over (
            partition by
                return_id, programme_id, area_code, count_code, breakdown_type, breakdown_value, year_start
            order by period_end
        ) as previous_end,
        lag(value_lower) over (
            partition by
                return_id, programme_id, area_code, count_code, breakdown_type, breakdown_value, year_start
            order by period_end
        ) as previous_lower,
        lag(value_upper) over (
            partition by
                return_id, programme_id, area_code, count_code, breakdown_type, breakdown_value, year_start
            order by period_end
        ) as previous_upper

    from counts
    where period_type_code = 'cumulative'

),

{% set columns -%}
    return_id, programme_id, area_code, count_code, metric_id, unit, breakdown_type, breakdown_value
{%- endset -%}

-- A series that adds up since April becomes what happened between one report and the next. Both
-- ends may be intervals: the least that can have happened is the lower end less the upper end before.
differenced as (

    select
        {{ columns }},
        case
            when previous_end is null then value_lower when previous_upper is null then 0
            when value_lower > previous_upper then cast(value_lower - previous_upper as decimal(18, 2)) else 0
        end as value_lower,
        case
            -- who was counted before can have come again: of people, new ones are only the least
            when previous_end is null or not is_additive then value_upper
            when value_upper < previous_lower then 0
            else cast(value_upper - previous_lower as decimal(18, 2))
        end as value_upper,
        is_additive,
        case when previous_end is null then year_start else cast(previous_end + interval '1 day' as date) end
            as flow_start,
        period_end as flow_end

    from cumulative

),

-- A later quarter of a series that is stated more often: from the statement before it to its last.
quarters as (

    select
        {% for column in (columns ~ ', is_additive').split(', ') -%}
            ends.{{ column }},
        {% endfor -%}
        case
            when ends.value_lower > starts.value_upper then cast(ends.value_lower - starts.value_upper as decimal(18, 2))
            else 0
        end as value_lower,
        case
            when not ends.is_additive then ends.value_upper
            when ends.value_upper < starts.value_lower then 0
            else cast(ends.value_upper - starts.value_lower as decimal(18, 2))
        end as value_upper,
        cast(starts.period_end + interval '1 day' as date) as flow_start,
        ends.period_end as flow_end

    from cumulative as ends
    inner join cumulative as starts
        on
            ends.return_id = starts.return_id
            and ends.programme_id = starts.programme_id
            and ends.area_code = starts.area_code
            and ends.count_code = starts.count_code
            and ends.breakdown_type = starts.breakdown_type
            and ends.breakdown_value = starts.breakdown_value
            and ends.year_start = starts.year_start
            and starts.period_end = cast(date_trunc('quarter', ends.period_end) - interval '1 day' as date)
    where ends.previous_end > starts.period_end

)

select
    {{ columns }}, value_lower, value_upper, is_additive, false as is_year_to_date, period_start as flow_start,
    period_end as flow_end
from reported_flows
union all
select {{ columns }}, value_lower, value_upper, is_additive, false as is_year_to_date, flow_start, flow_end
from differenced
union all
select {{ columns }}, value_lower, value_upper, is_additive, true as is_year_to_date, flow_start, flow_end
from quarters
union all
-- the year to date as the partner states it, tighter than the sum of its differences
select
    {{ columns }}, value_lower, value_upper, is_additive, true as is_year_to_date, year_start as flow_start,
    period_end as flow_end
from cumulative
