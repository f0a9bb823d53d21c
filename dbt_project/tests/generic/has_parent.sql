{#- Every combination of the columns exists in the parent. -#}
{% test has_parent(model, columns, parent, parent_columns) -%}
    select distinct {{ columns | join(', ') }}

    from {{ model }} as children
    where
        {{ columns[0] }} is not null
        and not exists (
            select 1
            from {{ parent }} as parents
            where
{%- for column in columns %}
                {{ 'and ' if not loop.first }}children.{{ column }} = parents.{{ parent_columns[loop.index0] }}
                {%- endfor %}
        )
{% endtest %}
