with

streams as (

    -- what has no year cannot be made net, and a transfer is no gain to everybody together
    select * from {{ ref('value_streams') }}
    where is_dated and value_lower = value_upper and not is_licensed

),

assumptions as (

    select
        *,
        cast(1 - drop_off as double) / (1 + discount_rate) as kept_a_year

    from {{ ref('value_assumptions') }}

),

-- unit value × (1 - deadweight) × attribution × (1 - displacement) × what lasts of every year
net as (

    select
        streams.programme_id,
        streams.area_code,
        streams.stream,
        streams.value_lower as units,
        streams.period_start,
        streams.period_end,
        assumptions.level,
        assumptions.source,
        cast(streams.public_value_gbp as double)
        * (1 - assumptions.deadweight) * assumptions.attribution * (1 - assumptions.displacement)
        * case
            when assumptions.kept_a_year = 1 then assumptions.duration_years
            else (1 - power(assumptions.kept_a_year, assumptions.duration_years)) / (1 - assumptions.kept_a_year)
        end as net_gbp

    from streams
    inner join assumptions
        on
            streams.programme_id = assumptions.programme_id
            and streams.stream = assumptions.stream
            and streams.period_start >= assumptions.valid_from
            and streams.period_end <= assumptions.valid_to

),

declared as (

    select
        programme_id,
        count(distinct stream) as streams

    from {{ ref('unit_values') }}
    where is_redistributable
    group by programme_id

),

-- All streams together, while every one is known and has assumptions. Only numbers by stream are known,
-- and one person can be in several: at least the largest stream alone, at most their sum.
together as (

    select
        net.programme_id,
        net.area_code,
        net.period_start,
        net.period_end,
        net.level,
        count(*) as streams,
        max(net.units * net.net_gbp) as largest_gbp,
        sum(net.units * net.net_gbp) as summed_gbp

    from net
    inner join declared on net.programme_id = declared.programme_id
    group by net.programme_id, net.area_code, net.period_start, net.period_end, net.level, declared.streams
    having count(*) = declared.streams

)

select
    {{ metric_row(
        "'M31'",
        breakdown_type="concat('net_', level)",
        breakdown_value='stream',
        numerator='units',
        factor='net_gbp',
        contributors='units',
        source_grain="'aggregate'",
        caveat="concat('Net of the ', level, ' assumptions of ', source, ', without transfers.')",
    ) }}

from net

union all

select
    {{ metric_row(
        "'M31'",
        breakdown_type="concat('net_', level)",
        numerator='case when streams = 1 then summed_gbp end',
        bound_lower='case when streams > 1 then largest_gbp end',
        bound_upper='case when streams > 1 then summed_gbp end',
        source_grain="'aggregate'",
        caveat="concat('Net of the ', level, ' assumptions, without transfers. ',
            'From the largest stream alone to all streams together: one person can be in several.')",
    ) }}

from together
