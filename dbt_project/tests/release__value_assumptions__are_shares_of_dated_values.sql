-- Net values need a stream whose unit values say their year, shares between none and all, and a source.
with

undated as (

    select distinct
        programme_id,
        stream

    from {{ ref('unit_values') }}
    where source_year is null

)

select assumptions.assumption_id

from {{ ref('value_assumptions') }} as assumptions
left join undated
    on assumptions.programme_id = undated.programme_id and assumptions.stream = undated.stream
where
    undated.stream is not null
    or assumptions.source is null
    or assumptions.level not in ('low', 'central', 'high')
    or assumptions.deadweight not between 0 and 1
    or assumptions.attribution not between 0 and 1
    or assumptions.displacement not between 0 and 1
    or assumptions.drop_off not between 0 and 1
    or assumptions.duration_years < 1
    or assumptions.discount_rate < 0
