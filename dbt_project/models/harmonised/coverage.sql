with

returns as (

    select
        returns.return_id,
        returns.programme_id,
        areas_current.current_area_code as area_code

    from {{ ref('stg_control__returns') }} as returns
    inner join {{ ref('areas_current') }} as areas_current on returns.area_code = areas_current.area_code
    where returns.is_evidence_of_activity

),

count_codes as (

    select * from {{ ref('count_codes') }}

),

-- What each return really sent, by entity.
entities_sent as (

    {% for entity in ['referrals', 'starts', 'outcomes', 'sustainments', 'activities'] -%}
        select distinct
            return_id,
            programme_id,
            '{{ entity }}' as entity

        from {{ ref('stg_returns__' ~ entity) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

sources as (

    select
        entities_sent.return_id,
        entities_sent.programme_id,
        count_codes.count_code,
        'record' as source_grain

    from entities_sent
    inner join count_codes on entities_sent.entity = count_codes.entity

    union all

    select distinct
        return_id,
        programme_id,
        count_code,
        'aggregate' as source_grain

    from {{ ref('stg_returns__counts') }}

),

ranked as (

    select
        sources.programme_id,
        returns.area_code,
        sources.count_code,
        sources.return_id,
        sources.source_grain,
        row_number() over (
            partition by sources.programme_id, returns.area_code, sources.count_code
            -- records, where there are any, before the partner's own count of them
            order by sources.source_grain desc, sources.return_id asc
        ) as precedence

    from sources
    inner join returns
        on sources.return_id = returns.return_id and sources.programme_id = returns.programme_id

)

select
    programme_id,
    area_code,
    count_code,
    return_id,
    source_grain,
    cast(precedence as integer) as precedence,
    precedence = 1 as is_authoritative

from ranked
