with

exact as (

    select
        *,
        value_lower as units,
        case when not is_dated then 'Undated sources: the values say no year.' end as dating_caveat

    from {{ ref('value_streams') }}
    where value_lower = value_upper and not is_licensed

),

declared as (

    select
        programme_id,
        count(distinct stream) as streams

    from {{ ref('unit_values') }}
    where is_redistributable
    group by programme_id

),

-- Streams add only while every one of them is known.
everything as (

    select
        exact.programme_id,
        exact.area_code,
        exact.period_start,
        exact.period_end,
        sum(exact.units * exact.gross_gbp) as value_gbp,
        max(exact.dating_caveat) as dating_caveat

    from exact
    inner join declared on exact.programme_id = declared.programme_id
    group by exact.programme_id, exact.area_code, exact.period_start, exact.period_end, declared.streams
    having count(*) = declared.streams

)

{% set licensed = "'Licensed values: for the steward alone, never to be passed on.'" -%}

select
    {{ metric_row("'M31'", breakdown_type="'stream'", breakdown_value='stream', numerator='units',
        factor='gross_gbp', contributors='units', source_grain="'aggregate'", caveat='dating_caveat') }}
from exact

union all

select
    {{ metric_row("'M31'", breakdown_type="'stream_units'", breakdown_value='stream', numerator='units',
        contributors='units', unit='unit', source_grain="'aggregate'") }}
from exact

union all

select
    {{ metric_row("'M31'", numerator='value_gbp', source_grain="'aggregate'", caveat='dating_caveat') }}
from everything

union all

select
    {{ metric_row("'M31'", breakdown_type="'licensed_stream'", breakdown_value='stream', numerator='value_lower',
        factor='gross_gbp', contributors='value_lower', source_grain="'aggregate'", caveat=licensed) }}
from {{ ref('value_streams') }}
where is_licensed and value_lower = value_upper
