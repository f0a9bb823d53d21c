{%- set parts = {
    'all': 'true',
    'known': "breakdown_value <> 'unknown'",
    'unknown': "breakdown_value = 'unknown'",
    'inactive': "breakdown_value = 'inactive'",
    'deprived': "breakdown_value in ('1', '2')",
} -%}
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
        -- no part of a whole has a share while any other part is not known
        {% for part, condition in parts.items() -%}
            case when count(starts) = count(*) then sum(case when {{ condition }} then starts else 0 end) end
                as {{ part }}_starts,
        {% endfor -%}
        case when min(source_grain) = max(source_grain) then min(source_grain) else 'mixed' end as source_grain

    from cells
    group by programme_id, area_code, breakdown_type, period_type, period_start, period_end

),

reach as (

    select
        cells.programme_id,
        cells.area_code,
        cells.breakdown_type,
        cells.breakdown_value,
        cells.source_grain,
        cells.period_start,
        cells.period_end,
        wholes.all_starts,
        case when wholes.all_starts is not null then cells.starts end as group_starts

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

{% set unknown -%}
    case when all_starts is null then 'Not available: of some of the starts the group is not known to us.' end
{%- endset %}

select
    {{ metric_row("'M17'", numerator='inactive_starts', denominator='known_starts',
        contributors='inactive_starts', source_grain='source_grain', caveat=unknown) }}
from wholes
where breakdown_type = 'employment_status'

union all

select
    {{ metric_row("'M17'", breakdown_type="'employment_status'", breakdown_value="'unknown'",
        numerator='unknown_starts', denominator='all_starts', contributors='unknown_starts',
        source_grain='source_grain',
        caveat="coalesce(" ~ unknown ~ ", 'Share of starts whose status is not known.')") }}
from wholes
where breakdown_type = 'employment_status'

union all

select
    {{ metric_row("'M27'", breakdown_type='breakdown_type', breakdown_value='breakdown_value',
        numerator='group_starts', denominator='all_starts', contributors='group_starts',
        source_grain='source_grain', caveat=unknown) }}
from reach

union all

select
    {{ metric_row("'M28'", numerator='deprived_starts', denominator='known_starts',
        contributors='deprived_starts', source_grain='source_grain', caveat=unknown) }}
from wholes
where breakdown_type = 'imd' and period_type <> 'quarter'
