{#- The different values of a group in their order, as 'a, b, c'. -#}
{% macro listed(column) -%}
    {{ return(adapter.dispatch('listed')(column)) }}
{%- endmacro %}

{% macro default__listed(column) -%}
    string_agg(distinct {{ column }}, ', ' order by {{ column }})
{%- endmacro %}

{% macro spark__listed(column) -%}
    array_join(sort_array(collect_set({{ column }})), ', ')
{%- endmacro %}
