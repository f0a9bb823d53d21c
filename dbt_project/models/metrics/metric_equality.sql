with

cells as (

    select
        totals.*,
        -- a cell that is an interval, or that a district does not report, has no share
        case
            when totals.value_lower = totals.value_upper and region_gaps.programme_id is null
                then totals.value_lower
        end as starts

    from {{ ref('totals') }} as totals
    left join {{ ref('region_gaps') }} as region_gaps
        on
            totals.programme_id = region_gaps.programme_id
            and totals.metric_id = region_gaps.metric_id
            and totals.breakdown_type = region_gaps.breakdown_type
    where totals.metric_id = 'M04' and totals.breakdown_type <> 'all'

),

wholes as (

    select
        programme_id,
        area_code,
        breakdown_type,
        period_type,
        period_start,
        period_end,
        case when min(source_grain) = max(source_grain) then min(source_grain) else 'mixed' end as source_grain,
        -- no part of a whole has a share while any other part is not known
        count(starts) = count(*) as is_whole,
        sum(starts) as all_starts,
        sum(case when breakdown_value <> 'unknown' then starts else 0 end) as known_starts,
        sum(case when breakdown_value = 'unknown' then starts else 0 end) as unknown_starts,
        sum(case when breakdown_value = 'inactive' then starts else 0 end) as inactive_starts,
        sum(case when breakdown_value in ('1', '2') then starts else 0 end) as deprived_starts

    from cells
    group by programme_id, area_code, breakdown_type, period_type, period_start, period_end

),

reach as (

    select
        cells.*,
        wholes.is_whole,
        wholes.all_starts

    from cells
    inner join wholes
        on
            cells.programme_id = wholes.programme_id
            and cells.area_code = wholes.area_code
            and cells.breakdown_type = wholes.breakdown_type
            and cells.period_start = wholes.period_start
            and cells.period_end = wholes.period_end
    where
        cells.period_type <> 'quarter'
        and cells.breakdown_type in ('sex', 'age_band', 'ethnic5', 'disability', 'inactivity_reason')

)

{% set unknown = "case when not is_whole then 'Not available: of some of the starts the group is not known to us.' end" -%}

select
    {{ metric_row("'M17'", numerator='case when is_whole then inactive_starts end',
        denominator='case when is_whole then known_starts end',
        contributors='case when is_whole then inactive_starts end',
        source_grain='source_grain', caveat=unknown) }}
from wholes
where breakdown_type = 'employment_status'

union all

select
    {{ metric_row("'M17'", breakdown_type="'employment_status'", breakdown_value="'unknown'",
        numerator='case when is_whole then unknown_starts end',
        denominator='case when is_whole then all_starts end',
        contributors='case when is_whole then unknown_starts end', source_grain='source_grain',
        caveat="coalesce(" ~ unknown ~ ", 'Share of starts whose status is not known.')") }}
from wholes
where breakdown_type = 'employment_status'

union all

select
    {{ metric_row("'M27'", breakdown_type='breakdown_type', breakdown_value='breakdown_value',
        numerator='case when is_whole then starts end', denominator='case when is_whole then all_starts end',
        contributors='case when is_whole then starts end', source_grain='source_grain', caveat=unknown) }}
from reach

union all

select
    {{ metric_row("'M28'", numerator='case when is_whole then deprived_starts end',
        denominator='case when is_whole then known_starts end',
        contributors='case when is_whole then deprived_starts end',
        source_grain='source_grain', caveat=unknown) }}
from wholes
where breakdown_type = 'imd' and period_type <> 'quarter'
