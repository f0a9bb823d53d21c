{#- The columns that every topic hands to `metric_values`, each with its type; what a topic does not
    state is empty, and a breakdown or cohort that it does not state is the total. `exact_value` is stated
    only where the value is no quotient of the parts (a survival share); `days_to_mature` is how long after
    the period its last event is awaited. -#}
{% macro metric_row(
    metric_id,
    programme_id='programme_id',
    area_code='area_code',
    breakdown_type="'all'",
    breakdown_value="'all'",
    cohort_quarter="'all'",
    period_start='period_start',
    period_end='period_end',
    numerator='null',
    denominator='null',
    factor='null',
    bound_lower='null',
    bound_upper='null',
    contributors='null',
    exact_value='null',
    days_to_mature='0',
    unit='null',
    source_grain="'record'",
    caveat='null'
) -%}
    {{ metric_id }} as metric_id,
    cast({{ unit }} as string) as unit,
    {{ programme_id }} as programme_id,
    {{ area_code }} as area_code,
    {{ breakdown_type }} as breakdown_type,
    {{ breakdown_value }} as breakdown_value,
    {{ cohort_quarter }} as cohort_quarter,
    {{ period_start }} as period_start,
    {{ period_end }} as period_end,
    cast({{ numerator }} as decimal(18, 2)) as numerator,
    cast({{ denominator }} as decimal(18, 2)) as denominator,
    cast({{ factor }} as decimal(18, 6)) as factor,
    cast({{ bound_lower }} as decimal(18, 2)) as bound_lower,
    cast({{ bound_upper }} as decimal(18, 2)) as bound_upper,
    cast({{ contributors }} as bigint) as contributors,
    cast({{ exact_value }} as decimal(18, 6)) as exact_value,
    cast({{ days_to_mature }} as integer) as days_to_mature,
    {{ source_grain }} as source_grain,
    cast({{ caveat }} as string) as caveat
{%- endmacro %}
