-- People are at most referrals, starts or jobs; evidenced jobs are at most claimed jobs; a share is
-- between nothing and all (but for snapshots, whose parts are not the same people); an interval is not
-- inside out.
with

wide as (

    select
        programme_id,
        area_code,
        period_start,
        period_end,
        max(case when metric_id = 'M01' then numerator end) as referrals,
        max(case when metric_id = 'M02' then numerator end) as people_referred,
        max(case when metric_id = 'M04' then numerator end) as starts,
        max(case when metric_id = 'M05' then numerator end) as people_started,
        max(case when metric_id = 'M08' then numerator end) as evidenced_jobs,
        max(case when metric_id = 'M09' then numerator end) as claimed_jobs,
        max(case when metric_id = 'M11' then numerator end) as people_in_work

    from {{ ref('metric_values') }}
    where breakdown_type = 'all' and cohort_quarter = 'all' and not is_published_figure
    group by programme_id, area_code, period_start, period_end

)

select
    programme_id,
    area_code,
    period_start,
    'people exceed what they did' as broken

from wide
where
    people_referred > referrals
    or people_started > starts
    or people_in_work > evidenced_jobs
    or evidenced_jobs > claimed_jobs

union all

select
    programme_id,
    area_code,
    period_start,
    'a share or an interval is out of bounds' as broken

from {{ ref('metric_values') }}
where
    (unit = 'rate' and metric_id not in ('M06', 'M12', 'M32') and (value < 0 or value > 1))
    or bound_lower > bound_upper
    or numerator < 0
