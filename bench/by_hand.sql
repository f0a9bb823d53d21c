-- The metrics of the big register as one person would write them for this register alone, in DuckDB: no staging,
-- no contracts, no coverage (these three returns are all there is), no intervals (nobody counts without naming).
-- The rules of who counts are those of `domain F3`. `w` is the warehouse with what was accepted, read only.

-- Where figures are shown, and when: three districts and their region, three whole quarters and the year to date.
create table shown as
select * from (values
    ('P08', 'P08', 'E08000018'), ('P07b', 'P07b', 'E08000038'), ('P07d', 'P07d', 'E08000017'),
    ('P08', 'P07', 'E47000002'), ('P07b', 'P07', 'E47000002'), ('P07d', 'P07', 'E47000002')
) as levels(part, programme_id, area_code)
cross join (values
    ('quarter', date '2025-04-01', date '2025-06-30'), ('quarter', date '2025-07-01', date '2025-09-30'),
    ('quarter', date '2025-10-01', date '2025-12-31'), ('year', date '2025-04-01', date '2026-02-28')
) as periods(period_type, period_start, period_end);

create table submission as
select submission_id, max(period_end) as newest from w.control.ledger group by submission_id;

-- Registers state a record once; Doncaster's months may state it again, and then the newest that knows age and sex stands.
create table record as
with stated as (
    select * from w.accepted.participants where return_id <> 'doncaster_eit'
    union all
    select participants.* from w.accepted.participants join submission using (submission_id)
    where return_id = 'doncaster_eit'
    qualify row_number() over (
        partition by record_key
        order by coalesce(age_band_code, 'unknown') = 'unknown', coalesce(sex_code, 'unknown') = 'unknown',
            newest desc, source_row
    ) = 1
)
select
    record_key, programme_id, coalesce(person_key, record_key) as person,
    coalesce(sex_code, 'unknown') as sex, coalesce(age_band_code, 'unknown') as age_band,
    case when ethnic_group_code in ('prefer_not_to_say', 'not_asked') then ethnic_group_code
        when ethnic_group_code is null or ethnic_group_code = 'unknown' then 'unknown'
        else split_part(ethnic_group_code, '_', 1) end as ethnic5,
    coalesce(disability_code, 'unknown') as disability, coalesce(cast(imd_decile as varchar), 'unknown') as imd
from stated left join w.control.person_links using (record_key);

-- Events: one a person, programme and day, as the newest file says.
create table referral as
select programme_id, person, sex, age_band, referral_date as day
from w.accepted.referrals join record using (record_key, programme_id)
where triage_outcome_code is distinct from 'duplicate';

create table spell as
select *, row_number() over (partition by person, programme_id order by day) as spell_no
from (
    select programme_id, person, sex, age_band, ethnic5, disability, imd, start_date as day,
        coalesce(employment_status_code, 'unknown') as employment_status,
        coalesce(inactivity_reason_code, 'unknown') as inactivity_reason, coalesce(is_barriers_assessed, false) as assessed
    from w.accepted.starts join record using (record_key, programme_id) join submission using (submission_id)
    qualify row_number() over (partition by person, programme_id, start_date order by newest desc, source_row) = 1
) as stated;

create table outcome as
select programme_id, person, sex, age_band, outcome_code, outcome_date as day, evidence_date,
    outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP') as is_job,
    case evidence_status_code when 'verified' then 1 when 'evidenced' then 2
        when 'rejected' then 4 when 'withdrawn' then 4 else 3 end as grade
from w.accepted.outcomes join record using (record_key, programme_id) join submission using (submission_id)
qualify row_number() over (
    partition by person, programme_id, day, if(is_job, 'job', outcome_code) order by newest desc, grade, source_row
) = 1;

-- Of two districts' claims of one job within 14 days, the region counts the first: evidence, then the earlier start.
create table job as
with claim as (
    select outcome.*, grade <= 2 as evidenced, row_number() over (
        partition by person order by grade > 2, coalesce(entry.day, outcome.day), programme_id, outcome.day
    ) as turn
    from outcome left join (select programme_id, person, day from spell where spell_no = 1) as entry
        using (programme_id, person)
    where is_job and grade < 4
), repeated as (
    select distinct claim.programme_id, claim.person, claim.day
    from claim join claim as prior on claim.person = prior.person and claim.programme_id <> prior.programme_id
        and abs(claim.day - prior.day) <= 14 and prior.turn < claim.turn
)
select claim.*, (repeated.person is not null)::int as shared
from claim left join repeated using (programme_id, person, day);

create table metric_values (
    metric_id varchar, programme_id varchar, area_code varchar, breakdown_type varchar, breakdown_value varchar,
    cohort_quarter varchar, period_start date, period_end date, numerator decimal(18, 2), denominator decimal(18, 2)
);

-- M01, M04, M08, M09: events by month, then summed over each window; a window without any is a zero.
create table monthly as
select 'M01' as metric_id, programme_id, date_trunc('month', day) as month, sex, age_band, 0 as shared,
    count(*) as events
from referral group by grouping sets (
    (programme_id, month), (programme_id, month, sex), (programme_id, month, age_band))
union all by name
select 'M04' as metric_id, programme_id, date_trunc('month', day) as month, sex, age_band, ethnic5, disability,
    inactivity_reason, employment_status, imd, 0 as shared, count(*) as events
from spell where spell_no = 1 group by grouping sets (
    (programme_id, month), (programme_id, month, sex), (programme_id, month, age_band),
    (programme_id, month, ethnic5), (programme_id, month, disability), (programme_id, month, inactivity_reason),
    (programme_id, month, employment_status), (programme_id, month, imd))
union all by name
select metric_id, programme_id, date_trunc('month', day) as month, sex, age_band, sum(shared) as shared, count(*) as events
from job join (values ('M08', true), ('M09', false)) as grades(metric_id, needs_evidence) on evidenced or not needs_evidence
group by grouping sets (
    (metric_id, programme_id, month), (metric_id, programme_id, month, sex), (metric_id, programme_id, month, age_band));

create table total as
with cell as (
    select metric_id, programme_id as part, month, events, shared,
        case when sex is not null then 'sex' when age_band is not null then 'age_band' when ethnic5 is not null then 'ethnic5'
            when disability is not null then 'disability' when inactivity_reason is not null then 'inactivity_reason'
            when employment_status is not null then 'employment_status' when imd is not null then 'imd'
            else 'all' end as breakdown_type,
        coalesce(sex, age_band, ethnic5, disability, inactivity_reason, employment_status, imd, 'all') as breakdown_value
    from monthly
    union all
    select metric_id, part, period_start, 0, 0, 'all', 'all'
    from shown cross join (values ('M01'), ('M04'), ('M08'), ('M09')) as metrics(metric_id)
)
select metric_id, programme_id, area_code, breakdown_type, breakdown_value, period_type, period_start, period_end,
    sum(events - if(programme_id = 'P07', shared, 0)) as events
from cell join shown on cell.part = shown.part and month between period_start and period_end
group by all;

insert into metric_values
select metric_id, programme_id, area_code, breakdown_type, breakdown_value, 'all', period_start, period_end, events, null
from total
where breakdown_type = 'all'
    or (period_type = 'year' and breakdown_type <> 'employment_status' and metric_id <> 'M09');

-- M02, M05, M11, M22: people, each once in every window.
insert into metric_values
with occurrence as (
    select 'M02' as metric_id, programme_id as part, person, day from referral
    union all
    select 'M05', programme_id, person, day from spell where spell_no = 1
    union all
    select 'M11', programme_id, person, day from job where evidenced
    union all
    select 'M22', programme_id, person, day from outcome where outcome_code in ('ACCRED_TRAINING', 'QUALIFICATION') and grade <= 2
)
select metrics.metric_id, programme_id, area_code, 'all', 'all', 'all', period_start, period_end, count(distinct person), null
from shown cross join (values ('M02'), ('M05'), ('M11'), ('M22')) as metrics(metric_id)
left join occurrence on metrics.metric_id = occurrence.metric_id and shown.part = occurrence.part
    and day between period_start and period_end
where period_type = 'year' or metrics.metric_id = 'M02'
group by all;

-- M03, M06, M12, M32: two of the above of the same window, which is the year to date.
insert into metric_values
select rates.metric_id, n.programme_id, n.area_code, 'all', 'all', 'all', n.period_start, n.period_end, n.numerator, d.numerator
from (values ('M03', 'M01', 'M02'), ('M06', 'M04', 'M01'), ('M12', 'M08', 'M04'), ('M32', 'M08', 'M01'))
    as rates(metric_id, above, below)
join metric_values as n on n.metric_id = above
join metric_values as d on d.metric_id = below and d.programme_id = n.programme_id
    and d.period_start = n.period_start and d.period_end = n.period_end
where n.breakdown_type = 'all' and d.breakdown_type = 'all' and n.period_end = date '2026-02-28';

-- M17, M27, M28: shares of starts.
create table starts_by_group as
select programme_id, area_code, breakdown_type, breakdown_value, period_type, period_start, period_end, events,
    sum(events) over whole as all_starts,
    coalesce(sum(events) filter (breakdown_value <> 'unknown') over whole, 0) as known,
    coalesce(sum(events) filter (breakdown_value = 'unknown') over whole, 0) as not_known,
    coalesce(sum(events) filter (breakdown_value = 'inactive') over whole, 0) as inactive,
    coalesce(sum(events) filter (breakdown_value in ('1', '2')) over whole, 0) as deprived
from total where metric_id = 'M04' and breakdown_type <> 'all'
window whole as (partition by programme_id, breakdown_type, period_start, period_end);

insert into metric_values
select distinct 'M17', programme_id, area_code, 'all', 'all', 'all', period_start, period_end, inactive, known
from starts_by_group where breakdown_type = 'employment_status'
union all
select distinct 'M17', programme_id, area_code, 'employment_status', 'unknown', 'all', period_start, period_end, not_known, all_starts
from starts_by_group where breakdown_type = 'employment_status'
union all
select 'M27', programme_id, area_code, breakdown_type, breakdown_value, 'all', period_start, period_end, events, all_starts
from starts_by_group where period_type = 'year' and breakdown_type not in ('employment_status', 'imd')
union all
select distinct 'M28', programme_id, area_code, 'all', 'all', 'all', period_start, period_end, deprived, known
from starts_by_group where period_type = 'year' and breakdown_type = 'imd';

-- M07, M10, M15, M16: cohorts of a quarter, by district, once the last of them has been observed for long enough.
create table cohort as
with first_referral as (
    select programme_id, person, min(day) as referred from referral group by all
)
select 'M07' as metric_id, 'all' as breakdown_type, 'all' as breakdown_value, first_referral.programme_id,
    date_trunc('quarter', referred) as quarter, count(distinct spell.person) as numerator,
    count(distinct first_referral.person) as denominator
from first_referral left join spell on spell.programme_id = first_referral.programme_id
    and spell.person = first_referral.person and spell.day between referred and referred + 56
group by first_referral.programme_id, quarter having last_day(quarter + interval 2 months) + 56 <= date '2026-02-28'
union all
select 'M10', 'all', 'all', programme_id, date_trunc('quarter', day) as quarter,
    count(*) filter (evidenced and evidence_date <= day + 90), count(*)
from job group by programme_id, quarter having last_day(quarter + interval 2 months) + 90 <= date '2026-02-28';

insert into cohort
with checked as (
    select person, programme_id, job_start_date as day, check_weeks,
        case when sustainment_status_code = 'sustained' and coalesce(sustainments.evidence_status_code, 'claimed')
            not in ('evidenced', 'verified') then 'unknown' else sustainment_status_code end as status
    from w.accepted.sustainments join record using (record_key, programme_id) join submission using (submission_id)
    qualify row_number() over (
        partition by person, programme_id, job_start_date, check_weeks order by newest desc, source_row) = 1
), due as (
    select metric_id, job.programme_id, date_trunc('quarter', job.day) as quarter,
        count(*) as jobs, count(*) filter (status = 'sustained') as sustained,
        count(*) filter (coalesce(status, 'unknown') not in ('sustained', 'not_sustained')) as not_known
    from job cross join (values ('M15', 13), ('M16', 26)) as points(metric_id, weeks)
    left join checked on job.programme_id = checked.programme_id and job.person = checked.person
        and job.day = checked.day and weeks = check_weeks
    where evidenced and job.day + 7 * weeks <= date '2026-02-28'
    group by all
)
select metric_id, 'all', 'all', programme_id, quarter, sustained, jobs from due
union all
select metric_id, 'sustainment_status', 'unknown', programme_id, quarter, not_known, jobs from due;

insert into metric_values
select metric_id, programme_id, area_code, breakdown_type, breakdown_value, strftime(quarter, '%Y-Q') || quarter(quarter),
    quarter, last_day(quarter + interval 2 months), numerator, denominator
from cohort join (select distinct programme_id, area_code from shown) using (programme_id);

-- M18: people with three barriers or more.
insert into metric_values
with barriers as (
    select programme_id, person, count(distinct barrier_code) as barriers
    from w.accepted.barriers join record using (record_key, programme_id)
    where coalesce(stage_code, 'start') = 'start' and barrier_code <> 'unknown'
    group by all
)
select 'M18', shown.programme_id, area_code, 'all', 'all', 'all', period_start, period_end,
    count(distinct spell.person) filter (barriers >= 3), count(distinct spell.person)
from spell join shown on spell.programme_id = part and day between period_start and period_end
left join barriers on spell.programme_id = barriers.programme_id and spell.person = barriers.person
where spell_no = 1 and assessed and period_type = 'year'
group by all;

-- M20: attendances stay with the district; people who attended are added up for the region.
insert into metric_values
with attended as (
    select part, shown.programme_id, area_code, period_start, period_end, sum(quantity) as attendances, count(distinct person) as people
    from w.accepted.activities left join record using (record_key, programme_id)
    join shown on activities.programme_id = part and activity_date between period_start and period_end
    where activity_code = 'attendance'
    group by all
)
select 'M20', programme_id, area_code, 'measure', 'attendances', 'all', period_start, period_end, attendances, null
from attended where programme_id <> 'P07'
union all
select 'M20', programme_id, area_code, 'measure', 'unique_attendees', 'all', period_start, period_end, sum(people), null
from attended group by all;

-- M21: the last score against the first; of being anxious, less is better.
insert into metric_values
with answer as (
    select programme_id, person, item_code, stage_code, measured_date, if(item_code = 'anxious', -score, score) as score
    from w.accepted.measures join record using (record_key, programme_id) join submission using (submission_id)
    qualify row_number() over (
        partition by person, programme_id, item_code, stage_code order by newest desc, measured_date desc, source_row) = 1
), pair as (
    select programme_id, person, item_code,
        max(score) filter (stage_code = 'start') as first_score,
        coalesce(max(score) filter (stage_code = 'end'), max(score) filter (stage_code = 'mid')) as last_score,
        coalesce(max(measured_date) filter (stage_code = 'end'), max(measured_date) filter (stage_code = 'mid')) as day
    from answer group by all
)
select 'M21', shown.programme_id, area_code, 'measure_item', item_code, 'all', period_start, period_end,
    count(distinct person) filter (last_score > first_score), count(distinct person)
from pair join shown on pair.programme_id = part and day between period_start and period_end
where first_score is not null and last_score is not null and period_type = 'year'
group by all;

-- M24: placements, their employers, and how many became permanent.
insert into metric_values
with placed as (
    select programme_id, person, employer_key, start_date, end_date, coalesce(is_permanent, false) as permanent
    from w.accepted.placements join record using (record_key, programme_id) join submission using (submission_id)
    qualify row_number() over (partition by person, programme_id, start_date order by newest desc, source_row) = 1
), counted as (
    select shown.programme_id, area_code, period_start, period_end,
        count(*) filter (start_date >= period_start) as placements,
        count(distinct employer_key) filter (start_date >= period_start) as employers,
        count(*) filter (end_date between period_start and period_end) as ended,
        count(*) filter (permanent and end_date between period_start and period_end) as made_permanent
    from placed join shown on placed.programme_id = part and start_date <= period_end
    where period_type = 'year'
    group by all
)
select 'M24', programme_id, area_code, 'all', 'all', 'all', period_start, period_end, placements, null from counted
union all
select 'M24', programme_id, area_code, 'measure', 'employers', 'all', period_start, period_end, employers, null from counted
union all
select 'M24', programme_id, area_code, 'measure', 'permanent_share', 'all', period_start, period_end, made_permanent, ended
from counted where ended > 0;

-- Rates to six decimals, halves up; counts as they are.
create table result as
select *, case
    when denominator is null then numerator
    when denominator > 0
        then (2000000 * cast(numerator as bigint) + cast(denominator as bigint)) // (2 * cast(denominator as bigint)) / 1e6
end as value
from metric_values;
