with

checks as (

    select * from {{ ref('sustainments') }}
    where check_weeks in (13, 26)

),

levels as (

    select distinct
        part_programme_id,
        programme_id,
        area_code,
        member_area_code,
        is_parent_level,
        observed_to

    from {{ ref('area_windows') }}

),

-- Evidenced jobs whose check point lies within what has been reported; a job that two programmes of a
-- family claim is one job of the family.
due as (

    select
        levels.programme_id,
        levels.area_code,
        jobs.programme_id as part_programme_id,
        jobs.person_no,
        jobs.job_start_date,
        points.check_weeks,
        cast(date_trunc('quarter', jobs.job_start_date) as date) as period_start

    from {{ ref('jobs') }} as jobs
    inner join levels
        on
            jobs.programme_id = levels.part_programme_id
            and levels.member_area_code in ('all', jobs.area_code)
    cross join (
        select 13 as check_weeks
        union all
        select 26 as check_weeks
    ) as points
    where
        jobs.is_evidenced
        and (jobs.is_counted_in_region or not levels.is_parent_level)
        and jobs.job_start_date + points.check_weeks * interval '7 days' <= levels.observed_to

),

results as (

    select
        due.*,
        coalesce(checks.sustainment_status_code, 'unknown') as sustainment_status_code

    from due
    left join checks
        on
            due.part_programme_id = checks.programme_id
            and due.person_no = checks.person_no
            and due.job_start_date = checks.job_start_date
            and due.check_weeks = checks.check_weeks

),

checked as (

    select
        programme_id,
        area_code,
        check_weeks,
        period_start,
        count(*) as jobs_due,
        count(case when sustainment_status_code = 'sustained' then 1 end) as jobs_sustained,
        count(case when sustainment_status_code not in ('sustained', 'not_sustained') then 1 end) as jobs_unknown

    from results
    group by programme_id, area_code, check_weeks, period_start

),

named as (

    select
        checked.programme_id,
        checked.area_code,
        checked.period_start,
        checked.check_weeks,
        checked.jobs_due,
        -- where no check at all is known, nothing is
        case when checked.jobs_unknown < checked.jobs_due then checked.jobs_sustained end as jobs_sustained,
        checked.jobs_unknown,
        case checked.check_weeks when 13 then 'M15' when 26 then 'M16' end as metric_id,
        cast(checked.period_start + interval '3 months' - interval '1 day' as date) as period_end,
        absences.absence_caveat

    from checked
    left join {{ ref('region_absences') }} as absences
        on checked.programme_id = absences.programme_id and absences.entity = 'jobs'

)

select
    {{ metric_row('metric_id', cohort_quarter=quarter_label('period_start'), days_to_mature='7 * check_weeks',
        numerator='jobs_sustained', denominator='jobs_due', contributors='jobs_sustained',
        caveat="concat_ws(' ', case when jobs_sustained is null then 'No check of these jobs is known.' end, absence_caveat)") }}
from named

union all

select
    {{ metric_row('metric_id', cohort_quarter=quarter_label('period_start'), days_to_mature='7 * check_weeks',
        breakdown_type="'sustainment_status'", breakdown_value="'unknown'",
        numerator='jobs_unknown', denominator='jobs_due', contributors='jobs_unknown',
        caveat="concat_ws(' ', 'Share of jobs due whose check is not known.', absence_caveat)") }}
from named
