{#- A number for each row; which one is all the same. Spark repeats a task that was lost, and the same row
    must get the same number then. -#}
{% macro any_number(key) -%}
    {{ return(adapter.dispatch('any_number')(key)) }}
{%- endmacro %}

{% macro default__any_number(key) -%}
    row_number() over ()
{%- endmacro %}

{% macro spark__any_number(key) -%}
    cast(row_number() over (order by {{ key }}) as bigint)
{%- endmacro %}
