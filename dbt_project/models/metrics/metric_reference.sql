with

national_programmes as (

    select
        *,
        cast('2022-04-01' as date) as period_start,
        cast('2023-03-31' as date) as period_end

    from {{ ref('national_programmes') }}

),

inactive_population as (

    select
        *,
        cast(null as date) as period_start,
        cast(null as date) as period_end

    from {{ ref('inactive_population') }}

),

unprinted as (

    select
        area_code,
        period_start,
        period_end,
        sum(case when inactivity_reason_code = 'all' then people else -people end) as not_printed

    from inactive_population
    group by area_code, period_start, period_end

),

-- Figures that no return feeds: carried as the source prints them.
carried as (

    select
        *,
        concat('Carried as printed in ', source, coalesce('; ' || note, ''), '.') as carried_caveat

    from {{ ref('published_figures') }}
    where kind in ('reported', 'reference') and metric_id not in ('N01', 'N03')

)

select
    {{ metric_row("'N01'", programme_id="'all'", area_code="'E92000001'", breakdown_type='dimension',
        breakdown_value='code', numerator='programmes', source_grain="'reference'") }}
from national_programmes

union all

select
    {{ metric_row("'N04'", programme_id="'all'", area_code="'E92000001'", breakdown_type='dimension',
        breakdown_value='code', period_start="cast('2022-04-01' as date)", period_end="cast('2023-03-31' as date)",
        numerator='place_based_schemes', source_grain="'reference'") }}
from {{ ref('landscape') }}
where place_based_schemes is not null

union all

select
    {{ metric_row("'N03'", programme_id="'all'", breakdown_type="'inactivity_reason'", breakdown_value="'not_printed'",
        numerator='not_printed', source_grain="'reference'",
        caveat="'The printed total less its printed parts: a category that the source leaves out, or an error.'") }}
from unprinted
where not_printed <> 0

union all

select
    {{ metric_row("'N03'", programme_id="'all'",
        breakdown_type="case when inactivity_reason_code = 'all' then 'all' else 'inactivity_reason' end",
        breakdown_value='inactivity_reason_code', numerator='people', source_grain="'reference'") }}
from inactive_population

union all

select
    {{ metric_row('metric_id', breakdown_type='breakdown_type', breakdown_value='breakdown_value',
        numerator='value', unit='unit', source_grain="case kind when 'reference' then 'reference' else 'published' end",
        caveat='carried_caveat') }}
from carried
