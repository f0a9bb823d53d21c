-- The same person's job within 14 days on two programmes is one job.
select
    jobs.programme_id as target,
    any_value(programmes.programme_name) as programme,
    count(distinct concat(jobs.person_no, jobs.job_start_date)) as n
from harmonised.jobs as jobs
inner join harmonised.jobs as others
    on
        jobs.person_no = others.person_no
        and jobs.programme_id < others.programme_id
        and abs(jobs.job_start_date - others.job_start_date) <= 14
inner join reference.programmes as programmes on others.programme_id = programmes.programme_id
group by jobs.programme_id, others.programme_id
order by target, programme
