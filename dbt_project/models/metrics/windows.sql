with

programme_levels as (

    select * from {{ ref('programme_levels') }}

),

areas as (

    select * from {{ ref('areas') }}

),

reporting_periods as (

    select * from {{ ref('reporting_periods') }}

),

coverage_summary as (

    select * from {{ ref('coverage_summary') }}
    where is_evidence_of_activity

)

select
    programme_levels.programme_id as part_programme_id,
    programme_levels.level_programme_id as programme_id,
    programme_levels.level_area_code as area_code,
    programme_levels.is_parent_level,
    -- programmes that report by area show their areas too; a region's areas are its programmes
    programme_levels.level_area_code = 'all' as has_area_rows,
    reporting_periods.period_type,
    reporting_periods.is_to_date,
    coalesce(coverage_summary.returns_missing, 0) > 0 as has_missing_returns,
    reporting_periods.period_start,
    reporting_periods.period_end,
    reporting_periods.observed_to

from programme_levels
inner join areas on programme_levels.level_area_code = areas.area_code
inner join reporting_periods on programme_levels.level_programme_id = reporting_periods.programme_id
left join coverage_summary
    on
        reporting_periods.programme_id = coverage_summary.programme_id
        and reporting_periods.period_start = coverage_summary.period_start
        and reporting_periods.period_end = coverage_summary.period_end
