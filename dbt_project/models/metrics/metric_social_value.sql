with

unit_values as (

    select
        programme_id,
        stream,
        count_code,
        min(unit) as unit,
        sum(value_gbp) as unit_value_gbp,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to

    from {{ ref('unit_values') }}
    where is_redistributable
    group by programme_id, stream, count_code

),

-- A value for one unit may not multiply a count of another.
streams as (

    select
        unit_values.programme_id,
        unit_values.stream,
        unit_values.unit,
        unit_values.unit_value_gbp,
        count_totals.area_code,
        count_totals.period_start,
        count_totals.period_end,
        sum(count_totals.value_lower) as units_lower,
        case when count(count_totals.value_upper) = count(*) then sum(count_totals.value_upper) end as units_upper

    from unit_values
    inner join {{ ref('count_codes') }} as count_codes
        on unit_values.count_code = count_codes.count_code and unit_values.unit = count_codes.unit
    inner join {{ ref('count_totals') }} as count_totals
        on
            unit_values.programme_id = count_totals.programme_id
            and unit_values.count_code = count_totals.count_code
            and unit_values.valid_from <= count_totals.period_start
            and unit_values.valid_to >= count_totals.period_end
    where count_totals.period_type = 'year'
    group by
        unit_values.programme_id,
        unit_values.stream,
        unit_values.unit,
        unit_values.unit_value_gbp,
        count_totals.area_code,
        count_totals.period_start,
        count_totals.period_end

),

exact as (

    select
        *,
        units_lower as units

    from streams
    where units_lower = units_upper

),

everything as (

    select
        programme_id,
        area_code,
        period_start,
        period_end,
        sum(units * unit_value_gbp) as value_gbp

    from exact
    group by programme_id, area_code, period_start, period_end
    having count(
        *) = (
        select count(*) from unit_values
        where unit_values.programme_id = exact.programme_id
    )

)

select
    {{ metric_row("'M31'", breakdown_type="'stream'", breakdown_value='stream', numerator='units',
        factor='unit_value_gbp', contributors='units', source_grain="'aggregate'") }}
from exact

union all

select
    {{ metric_row("'M31'", breakdown_type="'stream_units'", breakdown_value='stream', numerator='units',
        contributors='units', unit='unit', source_grain="'aggregate'") }}
from exact

union all

select
    {{ metric_row("'M31'", numerator='value_gbp', source_grain="'aggregate'") }}
from everything
