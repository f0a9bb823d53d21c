with

flows as (

    select * from {{ ref('flows') }}

),

windows as (

    select * from {{ ref('metric_windows') }}

),

{{ flows_in_windows() }}

{% set whole = 'part_programme_id, programme_id, metric_id, period_start, period_end' -%}

-- What a partner counted at one time and recorded at another is short of the counts where they are not cut so.
ranked as (

    select
        *,
        count(flow_start) over (partition by {{ whole }}, breakdown_type, breakdown_value) as flows_said,
        max(case when is_year_to_date then flow_end end) over (
            partition by {{ whole }}, breakdown_type, breakdown_value, flow_area_code
        ) as stated_to,
        bool_or(source_grain = 'aggregate') over (partition by {{ whole }}) as is_counted,
        bool_or(source_grain = 'aggregate') over (partition by {{ whole }}, breakdown_type) as is_counted_so

    from (
        select * from matched
        union all
        select * from unsaid
    ) as stated

),

{% set shown = 'metric_id, programme_id, breakdown_type, breakdown_value, source_grain, period_type, value_lower,
        is_short, period_start, period_end' -%}

-- What the partner states of the window as a whole goes before the sum of its differences up to then.
standing as (

    select * from ranked
    where
        case
            when is_year_to_date then flow_end = stated_to
            when flow_start is null then flows_said = 0
            else coalesce(flow_start > stated_to, true)
        end

),

placed as (

    select
        {{ shown }},
        case when is_counted_so or not is_counted then value_upper end as value_upper,
        area_code as shown_area_code

    from standing

    union all

    select
        {{ shown }},
        case when source_grain = 'aggregate' or not is_counted then value_upper end as value_upper,
        flow_area_code as shown_area_code

    from standing
    where
        has_area_rows
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
    -- no upper limit where any part has none, or where returns of the window are missing or say nothing of it
    case
        when count(value_upper) = count(*) and not bool_or(is_short)
            then cast(sum(value_upper) as decimal(18, 2))
    end as value_upper,
    period_start,
    period_end

from placed
group by
    metric_id, programme_id, shown_area_code, breakdown_type, breakdown_value, period_type, period_start, period_end
