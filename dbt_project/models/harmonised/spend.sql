with

ranked as (

    select
        spend.*,
        coalesce(areas_current.current_area_code, 'unknown') as current_area_code,
        dense_rank() over (
            partition by spend.return_id, spend.programme_id, spend.period_start, spend.period_end
            order by submissions.last_period_end desc, spend.submission_id asc
        ) as statement_no

    from {{ ref('stg_returns__spend') }} as spend
    left join {{ ref('submissions') }} as submissions on spend.submission_id = submissions.submission_id
    left join {{ ref('areas_current') }} as areas_current on spend.area_code = areas_current.area_code

)

select
    return_id,
    source_sheet,
    source_row,
    programme_id,
    current_area_code as area_code,
    theme_code,
    cost_type_code,
    line_name,
    period_start,
    period_end,
    budget_gbp,
    actual_gbp

from ranked
where statement_no = 1
