{#- The first of April on or before a date. -#}
{% macro financial_year_start(column) -%}
    cast(date_trunc('year', {{ column }} - interval '3 months') + interval '3 months' as date)
{%- endmacro %}
