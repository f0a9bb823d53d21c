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

windows as (

    select
        *,
        dense_rank() over (order by programme_id, area_code, period_start, period_end) as window_no

    from {{ ref('area_windows') }}

),

months as (

    select distinct
        metric_id,
        programme_id,
        area_code,
        month_start

    from people_months

),

-- Months are matched with windows first, a few hundred rows, and people with their months after.
month_windows as (

    select
        months.metric_id,
        months.programme_id,
        months.area_code,
        months.month_start,
        windows.is_parent_level,
        windows.window_no

    from months
    inner join windows
        on
            months.programme_id = windows.part_programme_id
            and windows.member_area_code in ('all', months.area_code)
            and months.month_start between windows.period_start and windows.period_end
            and (windows.period_type <> 'quarter' or months.metric_id = 'M02')

),

people as (

    select
        month_windows.metric_id,
        month_windows.window_no,
        count(distinct people_months.person_no) as people

    from people_months
    inner join month_windows
        on
            people_months.metric_id = month_windows.metric_id
            and people_months.programme_id = month_windows.programme_id
            and people_months.area_code = month_windows.area_code
            and people_months.month_start = month_windows.month_start
            and (people_months.is_counted_in_region or not month_windows.is_parent_level)
    group by month_windows.metric_id, month_windows.window_no

)

select distinct
    people.metric_id,
    windows.programme_id,
    windows.area_code,
    people.people,
    windows.period_start,
    windows.period_end

from people
inner join windows on people.window_no = windows.window_no
