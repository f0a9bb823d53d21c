{#- A quarter as 2026-Q1: the calendar year and its quarter. -#}
{% macro quarter_label(column) -%}
    concat(
        cast(extract(year from {{ column }}) as string), '-Q', cast(extract(quarter from {{ column }}) as string)
    )
{%- endmacro %}
