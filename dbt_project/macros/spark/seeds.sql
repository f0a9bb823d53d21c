{#- Reference data in one statement, each value as its file has it: dbt-spark's own way makes text of what is
    empty and breaks on a quotation mark. -#}
{% macro spark__create_csv_table(model, agate_table) -%}
    {% set sql -%}
        create table {{ this }} {{ file_format_clause() }} {{ location_clause() }} as
        select
            {%- for name in agate_table.column_names %}
                {{ dbt.cast('`' ~ name ~ '`', model.config.column_types[name]) }} as `{{ name }}`{{ ',' if not loop.last }}
            {%- endfor %}
        from values
            {%- for row in agate_table.rows or [[none] * agate_table.column_names | length] %}
                ({% for value in row %}{{ spark_literal(value) }}{{ ', ' if not loop.last }}{% endfor %}){{ ',' if not loop.last }}
            {%- endfor %}
            as seed (`{{ agate_table.column_names | join('`, `') }}`)
        {{ 'where false' if not agate_table.rows }}
    {%- endset %}
    {% do run_query(sql) %}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {{ return('') }}
{%- endmacro %}

{% macro spark_literal(value) -%}
    {%- if value is none -%}null{%- else -%}'{{ value | string | replace('\\', '\\\\') | replace("'", "\\'") }}'{%- endif -%}
{%- endmacro %}
