with

-- The parts of a stream's unit value, through three lenses: gross, as the source adds them; fiscal, what
-- the public purse saves or receives, transfers among it; public value, without transfers. The lenses
-- share parts and never add.
stated as (

    select
        programme_id,
        stream,
        count_code,
        unit,
        perspective,
        is_transfer,
        value_gbp,
        source_year,
        valid_from,
        valid_to,
        false as is_licensed

    from {{ ref('unit_values') }}
    where is_redistributable

    union all

    -- the home's own, by a licence that lets nobody pass them on: gross alone, for the steward
    select
        programme_id,
        stream,
        count_code,
        unit,
        null as perspective,
        null as is_transfer,
        value_gbp,
        source_year,
        valid_from,
        valid_to,
        true as is_licensed

    from {{ ref('stg_control__unit_values') }}

),

unit_values as (

    select
        is_licensed,
        programme_id,
        stream,
        count_code,
        min(unit) as unit,
        sum(value_gbp) as gross_gbp,
        coalesce(sum(case when perspective = 'fiscal' then value_gbp end), 0) as fiscal_gbp,
        coalesce(sum(case when not is_transfer then value_gbp end), 0) as public_value_gbp,
        count(source_year) = count(*) as is_dated,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to

    from stated
    group by is_licensed, programme_id, stream, count_code

),

-- A value for one unit may not multiply a count of another.
streams as (

    select
        unit_values.is_licensed,
        unit_values.programme_id,
        unit_values.stream,
        unit_values.unit,
        unit_values.gross_gbp,
        unit_values.fiscal_gbp,
        unit_values.public_value_gbp,
        unit_values.is_dated,
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
        unit_values.is_licensed,
        unit_values.programme_id,
        unit_values.stream,
        unit_values.unit,
        unit_values.gross_gbp,
        unit_values.fiscal_gbp,
        unit_values.public_value_gbp,
        unit_values.is_dated,
        count_totals.area_code,
        count_totals.period_start,
        count_totals.period_end

)

select
    is_licensed,
    programme_id,
    area_code,
    stream,
    unit,
    cast(units_lower as decimal(18, 2)) as value_lower,
    cast(units_upper as decimal(18, 2)) as value_upper,
    cast(gross_gbp as decimal(18, 2)) as gross_gbp,
    cast(fiscal_gbp as decimal(18, 2)) as fiscal_gbp,
    cast(public_value_gbp as decimal(18, 2)) as public_value_gbp,
    is_dated,
    period_start,
    period_end

from streams
