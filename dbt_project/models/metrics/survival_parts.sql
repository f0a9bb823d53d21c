select
    levels.level_programme_id as programme_id,
    parts.period_type,
    parts.weeks,
    min(case when parts.jobs > 0 then parts.jobs end) as jobs,
    parts.period_start

from {{ ref('job_survival') }} as parts
inner join {{ ref('programme_levels') }} as levels on parts.programme_id = levels.programme_id
where levels.is_parent_level
group by levels.level_programme_id, parts.period_type, parts.period_start, parts.weeks
