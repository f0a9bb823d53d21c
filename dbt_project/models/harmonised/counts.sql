with

counts as (

    select
        counts.*,
        coalesce(areas_current.current_area_code, 'unknown') as current_area_code,
        row_number() over (
            partition by
                counts.return_id,
                counts.programme_id,
                areas_current.current_area_code,
                counts.count_code,
                counts.breakdown_type,
                counts.breakdown_value,
                counts.period_type_code,
                counts.period_start,
                counts.period_end
            order by submissions.last_period_end desc, counts.source_sheet asc, counts.source_row asc
        ) as statement_no

    from {{ ref('stg_returns__counts') }} as counts
    left join {{ ref('submissions') }} as submissions on counts.submission_id = submissions.submission_id
    left join {{ ref('areas_current') }} as areas_current on counts.area_code = areas_current.area_code

)

select
    counts.return_id,
    counts.source_sheet,
    counts.source_row,
    counts.programme_id,
    counts.current_area_code as area_code,
    counts.count_code,
    count_codes.metric_id,
    count_codes.unit,
    coalesce(counts.breakdown_type, 'all') as breakdown_type,
    coalesce(counts.breakdown_value, 'all') as breakdown_value,
    coalesce(counts.period_type_code, 'flow') as period_type_code,
    counts.value_status_code,
    -- a number that is not given can be anything from nothing on
    coalesce(counts.value_lower, 0) as value_lower,
    counts.value_upper,
    count_codes.is_additive,
    counts.period_start,
    counts.period_end

from counts
inner join {{ ref('count_codes') }} as count_codes on counts.count_code = count_codes.count_code
where counts.statement_no = 1
