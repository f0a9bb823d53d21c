with

streams as (

    select * from {{ ref('value_streams') }}
    where not is_licensed

),

supported as (

    select
        programme_id,
        area_code,
        -- "over 4,600" arrives as 4,601 or more: the printed number is the cap
        coalesce(value_upper, value_lower - 1) as people,
        period_start,
        period_end

    from {{ ref('count_totals') }}
    where count_code = 'people_supported' and period_type = 'year' and programme_id = part_programme_id

),

-- Streams count people, instances and events of the same people: at least the largest stream of people,
-- at most all of the streams together and no more than were supported.
shared_people as (

    select
        streams.programme_id,
        streams.area_code,
        streams.period_start,
        streams.period_end,
        max(case when streams.unit = 'people' then streams.value_lower end) as people_lower,
        case
            when count(streams.value_upper) = count(*)
                then least(sum(streams.value_upper), coalesce(max(supported.people), sum(streams.value_upper)))
        end as people_upper

    from streams
    left join supported
        on
            streams.programme_id = supported.programme_id
            and streams.area_code = supported.area_code
            and streams.period_start = supported.period_start
            and streams.period_end = supported.period_end
    group by streams.programme_id, streams.area_code, streams.period_start, streams.period_end
    having count(*) > 1

)

{% for lens, caveat in [
    ('fiscal', 'Fiscal lens, gross: what the public purse saves or receives, transfers among it. Not to be added to another lens.'),
    ('public_value', 'Public value lens, gross: without transfers. Not to be added to another lens.'),
] -%}
    select
        {{ metric_row("'M31'", breakdown_type="'lens_" ~ lens ~ "'", breakdown_value='stream',
            numerator='value_lower', factor=lens ~ '_gbp', contributors='value_lower',
            source_grain="'aggregate'", caveat="'" ~ caveat ~ "'") }}
    from streams
    where value_lower = value_upper

    union all

{% endfor -%}
select
    {{ metric_row("'M31'", breakdown_type="'overlap'", breakdown_value="'people_in_streams'",
        numerator='case when people_lower = people_upper then people_lower end',
        bound_lower='case when people_lower = people_upper then null else people_lower end',
        bound_upper='case when people_lower = people_upper then null else people_upper end',
        unit="'people'", source_grain="'aggregate'",
        caveat="'Bounds of how many people stand behind the streams: one person can be in several.'") }}
from shared_people
where people_lower is not null
