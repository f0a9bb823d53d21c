{#- The columns together name one row, and none of them is empty but those that may be. -#}
{% test is_unique(model, columns, may_be_empty=[]) -%}
    select {{ columns | join(', ') }}

    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
    {%- for column in columns if column not in may_be_empty %}
        or {{ column }} is null
        {%- endfor %}
{% endtest %}
