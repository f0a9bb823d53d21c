with

ranked as (

    select
        targets.*,
        coalesce(areas_current.current_area_code, 'unknown') as current_area_code,
        row_number() over (
            partition by targets.programme_id, targets.target_code, targets.period_start, targets.period_end
            order by
                submissions.last_period_end desc,
                targets.return_id asc,
                targets.source_sheet asc,
                targets.source_row asc
        ) as statement_no

    from {{ ref('stg_returns__targets') }} as targets
    left join {{ ref('submissions') }} as submissions on targets.submission_id = submissions.submission_id
    left join {{ ref('areas_current') }} as areas_current on targets.area_code = areas_current.area_code

)

select
    ranked.return_id,
    ranked.programme_id,
    ranked.current_area_code as area_code,
    ranked.target_code,
    coalesce(equivalences.counts_as, ranked.definition_code) as definition_code,
    -- what the published metric counts: the target may say it otherwise (rule C09)
    case ranked.target_code when 'jobs' then 'eit_paid_job' when 'engaged' then 'engaged_start' end
        as metric_definition_code,
    ranked.period_start,
    ranked.period_end,
    ranked.target_value

from ranked
left join {{ ref('definition_equivalences') }} as equivalences
    on ranked.definition_code = equivalences.definition_code
where ranked.statement_no = 1
