{#- The five GSS groups that are published, from the detailed code; what is not a group keeps its word. -#}
{% macro ethnic5_code(column) -%}
    case
        {%- for group in ['white', 'mixed', 'asian', 'black', 'other'] %}
        when {{ column }} like '{{ group }}_%' then '{{ group }}'
        {%- endfor %}
        when {{ column }} in ('prefer_not_to_say', 'not_asked') then {{ column }}
        else 'unknown'
    end
{%- endmacro %}
