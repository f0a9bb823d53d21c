{#- Where Spark's tables of a build lie: beside its warehouse file, which reads them there, or in the area. -#}
{% macro spark_folder() -%}
    {{ return(env_var('PATHWAYS_SPARK', env_var('PATHWAYS_WAREHOUSE') ~ '.spark')) }}
{%- endmacro %}

{#- Every table is Parquet in a folder of the build's own, `<layer>/<table>`. -#}
{% macro spark__file_format_clause() -%}
    using parquet
{%- endmacro %}

{% macro spark__location_clause() -%}
    location '{{ spark_folder() }}/{{ model.config.schema }}/{{ model.alias }}'
{%- endmacro %}

{#- A contract's `varchar`, which wants a length here. -#}
{% macro spark__cast(field, type) -%}
    cast({{ field }} as {{ 'string' if type == 'varchar' else type }})
{%- endmacro %}
