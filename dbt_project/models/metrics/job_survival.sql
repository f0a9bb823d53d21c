with

days as (

    select * from {{ ref('survival_days') }}

),

weeks as (

    {% for weeks in [13, 26, 52] -%}
        select {{ weeks }} as weeks
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- What stands on the last day of each number of weeks.
points as (

    select
        days.programme_id,
        days.area_code,
        days.period_type,
        days.period_start,
        days.period_end,
        weeks.weeks,
        sum(days.leaving) as starts,
        sum(case when days.days <= 7 * weeks.weeks then days.jobs else 0 end) as jobs,
        sum(case when days.days >= 7 * weeks.weeks then days.leaving else 0 end) as at_risk,
        coalesce(min(case when days.days <= 7 * weeks.weeks then days.share_without_job end), 1) as share_without_job,
        coalesce(max(case when days.days <= 7 * weeks.weeks then days.greenwood_sum end), 0) as greenwood_sum

    from days
    cross join weeks
    group by
        days.programme_id, days.area_code, days.period_type, days.period_start, days.period_end, weeks.weeks

)

select
    programme_id,
    area_code,
    period_type,
    weeks,
    cast(starts as bigint) as starts,
    cast(jobs as bigint) as jobs,
    cast(at_risk as bigint) as at_risk,
    -- nobody watched that long, and some without a job before: not known
    case when at_risk > 0 or share_without_job = 0 then 1 - share_without_job end as share_with_job,
    -- how many people, all watched to the end, would give the same variance
    case
        when share_without_job = 0 then starts
        when greenwood_sum = 0 then at_risk
        else (1 - share_without_job) / (share_without_job * greenwood_sum)
    end as effective_starts,
    period_start,
    period_end

from points
