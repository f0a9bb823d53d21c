{#
    Common table expressions `restated` and `newest`: of the statements in `records` of one thing, which its key
    tells apart, the one that stands. Only what is stated more than once is ranked. A flag in `any_of` holds of a
    thing, as `any_<flag>`, where it holds of any statement of it.
#}
{% macro newest_statements(
    records,
    key,
    order='last_period_end desc, return_id asc, source_sheet asc, source_row asc',
    any_of=[]
) %}
{%- set same %}
    {%- for column in key %}
        {{ 'and ' if not loop.first }}{{ records }}.{{ column }} is not distinct from restated.{{ column }}
    {%- endfor %}
{%- endset -%}
restated as (

    select
        {{ key | join(', ') }}
        {%- for flag in any_of %},
        bool_or({{ flag }}) as {{ flag }}
        {%- endfor %}

    from {{ records }}
    group by {{ key | join(', ') }}
    having count(*) > 1

),

newest as (

    select
        {{ records }}.*,
        {%- for flag in any_of %}
        {{ records }}.{{ flag }} as any_{{ flag }},
        {%- endfor %}
        1 as statement_no

    from {{ records }}
    left join restated on {{ same }}
    where restated.{{ key[0] }} is null

    union all

    select * from (
        select
            {{ records }}.*,
            {%- for flag in any_of %}
            restated.{{ flag }} as any_{{ flag }},
            {%- endfor %}
            row_number() over (
                partition by
                    {%- for column in key %}
                    {{ records }}.{{ column }}{{ ',' if not loop.last }}
                    {%- endfor %}
                order by {{ order }}
            ) as statement_no

        from {{ records }}
        inner join restated on {{ same }}
    ) as ranked
    where statement_no = 1

)
{%- endmacro %}
