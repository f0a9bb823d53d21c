{#- No return is due less often than once a year. -#}
{% for n in range(12) -%}
    select
        return_id,
        receipt,
        used,
        cast(date_trunc('month', period_start) + interval '{{ n }} months' as date) as month_start

    from {{ ref('stg_control__ledger') }}
    where date_trunc('month', period_start) + interval '{{ n }} months' <= period_end
    {% if not loop.last %}union{% endif %}
{% endfor %}
