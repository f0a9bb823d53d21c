{#- numerator × factor ÷ denominator, rounded half up to a number of decimals. The division is of
    whole numbers, so that a half is a half and not what binary fractions make of it. -#}
{% macro rounded_value(decimals) -%}
    case
        when denominator is null then round(numerator * coalesce(factor, 1), {{ decimals }})
        when denominator <> 0
            then floor(
                (2 * {{ 10 ** decimals }} * cast(numerator * coalesce(factor, 1) as double) + denominator)
                / (2 * denominator)
            ) / {{ 10 ** decimals }}
    end
{%- endmacro %}
