with

jobs as (

    select * from {{ ref('jobs') }}
    where is_evidenced

),

-- Each job's checks of which the result is known: true is still in work.
checks as (

    select
        {% for weeks in [4, 13, 26, 52] -%}
            bool_or(case when check_weeks = {{ weeks }} then sustainment_status_code = 'sustained' end)
                as is_kept_{{ weeks }},
        {% endfor -%}
        programme_id,
        person_no,
        job_start_date

    from {{ ref('sustainments') }}
    where sustainment_status_code in ('sustained', 'not_sustained')
    group by programme_id, person_no, job_start_date

),

-- From check point to check point: whose next one is not known has been watched to the last. Who had left
-- after 4 weeks had left after 13, unless the check then says otherwise.
checked as (

    select
        *,
        case
            when not coalesce(is_kept_13, is_kept_4) then 13
            when is_kept_13 and not is_kept_26 then 26
            when is_kept_13 and is_kept_26 and not is_kept_52 then 52
        end as weeks_to_end,
        case
            when is_kept_13 and is_kept_26 and is_kept_52 then 52
            when is_kept_13 and is_kept_26 then 26
            when is_kept_13 then 13
            else 0
        end as weeks_held

    from checks

)

select
    jobs.programme_id,
    jobs.area_code,
    jobs.person_no,
    jobs.is_counted_in_region,
    jobs.job_start_date,
    cast(jobs.job_start_date + checked.weeks_to_end * interval '7 days' as date) as left_on,
    cast(jobs.job_start_date + coalesce(checked.weeks_held, 0) * interval '7 days' as date) as held_to

from jobs
left join checked
    on
        jobs.programme_id = checked.programme_id
        and jobs.person_no = checked.person_no
        and jobs.job_start_date = checked.job_start_date
