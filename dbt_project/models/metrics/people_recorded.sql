{%- set sources = [
    ('M02', 'referrals', 'referral_date', 'is_counted_referral'),
    ('M05', 'starts', 'start_date', 'is_counted_start'),
    ('M11', 'jobs', 'job_start_date', 'is_evidenced'),
    ('M22', 'outcomes', 'outcome_date', "is_evidenced and outcome_code in ('ACCRED_TRAINING', 'QUALIFICATION')"),
] -%}
with

people_months as (

    {% for metric_id, model, date_column, condition in sources -%}
        select
            '{{ metric_id }}' as metric_id,
            programme_id,
            area_code,
            person_no,
            -- a job that another programme of the family counts brings the family nobody in its own month
            {{ 'is_counted_in_region' if model == 'jobs' else 'true' }} as is_counted_in_region,
            cast(date_trunc('month', {{ date_column }}) as date) as month_start

        from {{ ref(model) }}
        where {{ condition }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Who has one event of a kind counts with its month; only who has several is told apart in each window.
several as (

    select
        metric_id,
        person_no

    from people_months
    group by metric_id, person_no
    having count(*) > 1

),

told_apart as (

    select
        people_months.metric_id,
        people_months.programme_id,
        people_months.area_code,
        people_months.month_start,
        people_months.is_counted_in_region,
        several.person_no,
        case when several.person_no is null then count(*) else 0 end as people

    from people_months
    left join several on people_months.metric_id = several.metric_id and people_months.person_no = several.person_no
    group by
        people_months.metric_id,
        people_months.programme_id,
        people_months.area_code,
        people_months.month_start,
        people_months.is_counted_in_region,
        several.person_no

),

-- Months are matched with windows first, a few hundred rows, and those who are counted after. A quarter and
-- a year to date of the same days are one.
month_windows as (

    select distinct
        months.metric_id,
        months.area_code as month_area_code,
        months.month_start,
        windows.part_programme_id,
        windows.programme_id,
        windows.area_code,
        windows.is_parent_level,
        windows.period_start,
        windows.period_end

    from (
        select distinct
            metric_id,
            programme_id,
            area_code,
            month_start
        from told_apart
    ) as months
    inner join {{ ref('area_windows') }} as windows
        on
            months.programme_id = windows.part_programme_id
            and windows.member_area_code in ('all', months.area_code)
            and months.month_start between windows.period_start and windows.period_end
            and (windows.period_type <> 'quarter' or months.metric_id = 'M02')

)

select
    windows.metric_id,
    windows.programme_id,
    windows.area_code,
    cast(sum(told_apart.people) + count(distinct told_apart.person_no) as bigint) as people,
    windows.period_start,
    windows.period_end

from told_apart
inner join month_windows as windows
    on
        told_apart.metric_id = windows.metric_id
        and told_apart.programme_id = windows.part_programme_id
        and told_apart.area_code = windows.month_area_code
        and told_apart.month_start = windows.month_start
        and (told_apart.is_counted_in_region or not windows.is_parent_level)
group by windows.metric_id, windows.programme_id, windows.area_code, windows.period_start, windows.period_end
