with

placements as (

    select * from {{ ref('placements') }}

),

windows as (

    select * from {{ ref('windows') }}
    where period_type <> 'quarter'

),

counted as (

    select
        windows.programme_id,
        windows.area_code,
        windows.period_start,
        windows.period_end,
        count(case when placements.start_date >= windows.period_start then 1 end) as placements,
        count(distinct case when placements.start_date >= windows.period_start then placements.employer_key end)
            as employers,
        count(case when placements.end_date between windows.period_start and windows.period_end then 1 end) as ended,
        count(
            case
                when placements.is_permanent and placements.end_date between windows.period_start and windows.period_end
                    then 1
            end
        ) as made_permanent

    from placements
    inner join windows
        on
            placements.programme_id = windows.part_programme_id
            and placements.start_date <= windows.period_end
    group by windows.programme_id, windows.area_code, windows.period_start, windows.period_end

)

select {{ metric_row("'M24'", numerator='placements', contributors='employers') }}
from counted

union all

select
    {{ metric_row("'M24'", breakdown_type="'measure'", breakdown_value="'employers'", numerator='employers',
        contributors='employers', unit="'employers'") }}
from counted

union all

select
    {{ metric_row("'M24'", breakdown_type="'measure'", breakdown_value="'permanent_share'",
        numerator='made_permanent', denominator='ended', contributors='employers', unit="'rate'") }}
from counted
where ended > 0
