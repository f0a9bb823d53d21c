with

starts as (

    select *
    from {{ ref('totals') }}
    where
        metric_id = 'M04'
        and breakdown_type in ('inactivity_reason', 'employment_status')
        and period_type <> 'quarter'
        and value_lower = value_upper

),

-- Starts inactive at start against all inactive people, and each reason against its own people.
groups as (

    select
        *,
        case breakdown_type when 'employment_status' then 'all' else breakdown_value end as inactivity_reason_code

    from starts
    where breakdown_type = 'inactivity_reason' or breakdown_value = 'inactive'

),

population as (

    select * from {{ ref('inactive_population') }}

),

gaps as (

    select
        area_code,
        sum(case when inactivity_reason_code = 'all' then people else -people end) as people

    from population
    group by area_code

),

reached as (

    select
        groups.programme_id,
        groups.area_code,
        groups.inactivity_reason_code,
        groups.source_grain,
        groups.value_lower as starts,
        population.people,
        groups.period_start,
        groups.period_end,
        concat(
            'Starts against inactive people of the area as ', population.source, ' prints them',
            case
                when gaps.people <> 0
                    then concat('; its parts add to ', cast(gaps.people as string), ' fewer than its total')
                else ''
            end,
            '.'
        ) as population_caveat

    from groups
    inner join population
        on
            groups.area_code = population.area_code
            and groups.inactivity_reason_code = population.inactivity_reason_code
    inner join gaps on population.area_code = gaps.area_code

)

select
    {{ metric_row(
        "'M27'",
        breakdown_type="'inactive_population'",
        breakdown_value='inactivity_reason_code',
        numerator='starts',
        denominator='people',
        contributors='starts',
        source_grain='source_grain',
        caveat='population_caveat',
    ) }}

from reached
