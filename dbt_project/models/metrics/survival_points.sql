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
        days.span_type,
        days.programme_id,
        days.area_code,
        days.period_type,
        days.period_start,
        days.period_end,
        weeks.weeks,
        sum(days.leaving) as members,
        sum(case when days.days <= 7 * weeks.weeks then days.ended else 0 end) as ended,
        sum(case when days.days = 7 * weeks.weeks then days.ended else 0 end) as ended_then,
        sum(case when days.days >= 7 * weeks.weeks then days.leaving else 0 end) as at_risk,
        coalesce(min(case when days.days <= 7 * weeks.weeks then days.share_left end), 1) as share_left,
        coalesce(max(case when days.days <= 7 * weeks.weeks then days.greenwood_sum end), 0) as greenwood_sum

    from days
    cross join weeks
    group by
        days.span_type,
        days.programme_id,
        days.area_code,
        days.period_type,
        days.period_start,
        days.period_end,
        weeks.weeks

)

-- Told is what is good news: of starts who has found a job, of jobs who is still in it.
select
    span_type,
    programme_id,
    area_code,
    period_type,
    weeks,
    cast(members as bigint) as members,
    cast(case span_type when 'start_to_job' then ended else at_risk - ended_then end as bigint) as reached,
    cast(at_risk as bigint) as at_risk,
    -- nobody watched that long, and some not at their end before: not known
    case
        when at_risk > 0 or share_left = 0
            then case span_type when 'start_to_job' then 1 - share_left else share_left end
    end as share_reached,
    -- how many, all watched to the end, would give the same variance
    case
        when share_left = 0 then members
        when greenwood_sum = 0 then at_risk
        else (1 - share_left) / (share_left * greenwood_sum)
    end as effective_members,
    period_start,
    period_end

from points
