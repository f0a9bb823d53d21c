with

checks as (

    select * from {{ ref('sustainments') }}
    where check_weeks in (13, 26)

),

programmes as (

    select distinct
        programme_id,
        area_code,
        observed_to

    from {{ ref('windows') }}
    where not is_parent_level

),

-- Evidenced jobs whose check point lies within what has been reported.
due as (

    select
        jobs.programme_id,
        jobs.person_no,
        jobs.job_start_date,
        programmes.area_code,
        points.check_weeks,
        cast(date_trunc('quarter', jobs.job_start_date) as date) as period_start

    from {{ ref('jobs') }} as jobs
    inner join programmes on jobs.programme_id = programmes.programme_id
    cross join (
        select 13 as check_weeks
        union all
        select 26 as check_weeks
    ) as points
    where
        jobs.is_evidenced
        and jobs.job_start_date + points.check_weeks * interval '7 days' <= programmes.observed_to

),

checked as (

    select
        due.programme_id,
        due.area_code,
        due.check_weeks,
        due.period_start,
        count(*) as jobs_due,
        count(case when checks.sustainment_status_code = 'sustained' then 1 end) as jobs_sustained,
        count(
            case when coalesce(checks.sustainment_status_code, 'unknown') not in ('sustained', 'not_sustained') then 1 end
        ) as jobs_unknown

    from due
    left join checks
        on
            due.programme_id = checks.programme_id
            and due.person_no = checks.person_no
            and due.job_start_date = checks.job_start_date
            and due.check_weeks = checks.check_weeks
    group by due.programme_id, due.area_code, due.check_weeks, due.period_start

),

named as (

    select
        *,
        case check_weeks when 13 then 'M15' when 26 then 'M16' end as metric_id,
        cast(period_start + interval '3 months' - interval '1 day' as date) as period_end

    from checked

)

select
    {{ metric_row('metric_id', cohort_quarter=quarter_label('period_start'), days_to_mature='7 * check_weeks',
        numerator='jobs_sustained', denominator='jobs_due', contributors='jobs_sustained') }}
from named

union all

select
    {{ metric_row('metric_id', cohort_quarter=quarter_label('period_start'), days_to_mature='7 * check_weeks',
        breakdown_type="'sustainment_status'", breakdown_value="'unknown'",
        numerator='jobs_unknown', denominator='jobs_due', contributors='jobs_unknown',
        caveat="'Share of jobs due whose check is not known.'") }}
from named
