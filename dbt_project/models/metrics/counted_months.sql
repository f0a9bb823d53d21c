with

covered as (

    select
        coverage.programme_id,
        coverage.month_start,
        coverage.source_grain,
        bool_or(coverage.source_grain = 'record')
            over (partition by coverage.programme_id, coverage.count_code)
            as has_records

    from {{ ref('coverage') }} as coverage
    inner join {{ ref('count_codes') }} as count_codes on coverage.count_code = count_codes.count_code
    where coverage.is_authoritative and count_codes.metric_id in ('M01', 'M04', 'M08')

),

-- Months that a programme counted without naming anyone, which at another time sends records.
counted as (

    select distinct
        programme_id,
        month_start

    from covered
    where source_grain = 'aggregate' and has_records

)

select
    windows.programme_id,
    concat('Without the months that ', {{ listed('areas.area_name') }}, ' counted without naming anyone.')
        as counted_caveat,
    windows.period_start,
    windows.period_end

from counted
inner join {{ ref('programme_levels') }} as levels on counted.programme_id = levels.programme_id
inner join {{ ref('programmes') }} as programmes on counted.programme_id = programmes.programme_id
inner join {{ ref('areas') }} as areas on programmes.area_code = areas.area_code
inner join {{ ref('coverage_summary') }} as windows
    on
        levels.level_programme_id = windows.programme_id
        and counted.month_start between windows.period_start and windows.period_end
where windows.is_evidence_of_activity
group by windows.programme_id, windows.period_start, windows.period_end
