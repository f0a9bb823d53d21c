{#- What the hand-off gives dbt lies in the warehouse file already; on Spark it is views over Parquet, made
    when dbt starts from the statements that the hand-off left. -#}
{% macro attach_sources() -%}
    {{ return(adapter.dispatch('attach_sources')()) }}
{%- endmacro %}

{% macro default__attach_sources() -%}
{%- endmacro %}

{% macro spark__attach_sources() -%}
    {% if execute %}
        {% for source in run_query('select * from parquet.`' ~ spark_folder() ~ '/sources.parquet`') %}
            {% set schema = target.schema ~ '_' ~ source['schema_name'] %}
            {% do run_query('create schema if not exists ' ~ schema) %}
            {% do run_query(
                'create or replace view ' ~ schema ~ '.' ~ source['table_name'] ~ ' as ' ~ source['query']
            ) %}
        {% endfor %}
    {% endif %}
{%- endmacro %}
