{#- A layer is a schema: `harmonised`, not `main_harmonised`. Spark's catalogue may hold what is not ours. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set prefix = target.schema ~ '_' if target.type == 'spark' and custom_schema_name else '' -%}
    {{ prefix }}{{ custom_schema_name or target.schema }}
{%- endmacro %}
