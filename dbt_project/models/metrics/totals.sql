with

flows as (

    select * from {{ ref('flows') }}

),

windows as (

    select * from {{ ref('windows') }}

),

matched as (

    select
        windows.*,
        flows.metric_id,
        flows.breakdown_type,
        flows.breakdown_value,
        flows.area_code as flow_area_code,
        flows.source_grain,
        -- of a count that reaches over the edge of the window, none or all can have happened in it
        case
            when flows.flow_start >= windows.period_start and flows.flow_end <= windows.period_end
                then flows.value_lower - case when windows.is_parent_level then flows.shared_claims else 0 end
            else 0
        end as value_lower,
        flows.value_upper - case when windows.is_parent_level then flows.shared_claims else 0 end as value_upper,
        -- what the partner states for the very window goes before the sum of its differences
        case when flows.is_year_to_date then 1 else 2 end as precedence

    from flows
    inner join windows
        on
            flows.programme_id = windows.part_programme_id
            and flows.flow_start <= windows.period_end
            and flows.flow_end >= windows.period_start
    where
        not flows.is_year_to_date
        or (flows.flow_start = windows.period_start and flows.flow_end = windows.period_end)

),

{{ silences() }}

{% set whole = 'part_programme_id, programme_id, metric_id, period_start, period_end' -%}

-- What a partner counted at one time and recorded at another is short of the counts where they are not cut so.
ranked as (

    select
        *,
        min(precedence) over (partition by {{ whole }}, breakdown_type, breakdown_value) as first_precedence,
        min(source_grain) over (partition by {{ whole }}) as grain_of_whole,
        min(source_grain) over (partition by {{ whole }}, breakdown_type) as grain_of_breakdown

    from (
        select * from matched
        union all
        select * from unsaid
    ) as stated

),

{% set shown = 'metric_id, programme_id, breakdown_type, breakdown_value, source_grain, period_type, value_lower,
        has_missing_returns, period_start, period_end' -%}

placed as (

    select
        {{ shown }},
        case when grain_of_breakdown = grain_of_whole then value_upper end as value_upper,
        area_code as shown_area_code

    from ranked
    where precedence = first_precedence

    union all

    select
        {{ shown }},
        case when source_grain = grain_of_whole then value_upper end as value_upper,
        flow_area_code as shown_area_code

    from ranked
    where
        precedence = first_precedence
        and has_area_rows
        and flow_area_code <> 'all'
        -- of records an area that is not known is a part of the whole, so that parts add up
        and (flow_area_code <> 'unknown' or source_grain = 'record')

    union all

    select
        {{ shown }},
        value_upper,
        flow_area_code as shown_area_code

    from unsaid_areas

)

select
    metric_id,
    programme_id,
    shown_area_code as area_code,
    breakdown_type,
    breakdown_value,
    case when min(source_grain) = max(source_grain) then min(source_grain) else 'mixed' end as source_grain,
    period_type,
    cast(sum(value_lower) as decimal(18, 2)) as value_lower,
    -- no upper limit where any part has none, or where returns of the window are missing
    case
        when count(value_upper) = count(*) and not bool_or(has_missing_returns)
            then cast(sum(value_upper) as decimal(18, 2))
    end as value_upper,
    period_start,
    period_end

from placed
group by
    metric_id, programme_id, shown_area_code, breakdown_type, breakdown_value, period_type, period_start, period_end
