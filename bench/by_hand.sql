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
    coalesce(disability_code, 'unknown') as disability, coalesce(cast(imd_decile as varchar), 'unknown') as imd,
    coalesce(cohort_code, 'unknown') as cohort, coalesce(area_code, 'unknown') as area
from stated left join w.control.person_links using (record_key);

-- Events: one a person, programme and day, as the newest file says.
create table referral as
select programme_id, person, sex, age_band, referral_date as day, coalesce(source_code, 'unknown') as referral_source,
    coalesce(triage_outcome_code, 'unknown') as triage_outcome, triage_outcome <> 'duplicate' as counted
from w.accepted.referrals join record using (record_key, programme_id);

create table spell as
select *, row_number() over (partition by person, programme_id order by day) as spell_no
from (
    select programme_id, person, sex, age_band, ethnic5, disability, imd, cohort, start_date as day, end_date,
        coalesce(employment_status_code, 'unknown') as employment_status,
        coalesce(inactivity_reason_code, 'unknown') as inactivity_reason, coalesce(is_barriers_assessed, false) as assessed
    from w.accepted.starts join record using (record_key, programme_id) join submission using (submission_id)
    qualify row_number() over (partition by person, programme_id, start_date order by newest desc, source_row) = 1
) as stated;

-- Starts: re-entry counts once. The newest referral on or before a start says who sent the person. Assessed is
-- whom the partner says it assessed, and whoever has a barrier recorded.
create table start as
with barrier as (
    select programme_id, person, count(distinct nullif(barrier_code, 'unknown')) as named
    from w.accepted.barriers join record using (record_key, programme_id)
    where coalesce(stage_code, 'start') = 'start'
    group by all
), sent as (
    select programme_id, person, day, min(referral_source) as referral_source from referral where counted group by all
)
select spell.*, coalesce(referral_source, 'unknown') as referral_source,
    case when not assessed and named is null then 'unknown' when named >= 3 then 'three_or_more' else 'fewer_than_three' end as barriers
from spell left join barrier using (programme_id, person)
asof left join sent
    on spell.programme_id = sent.programme_id and spell.person = sent.person and spell.day >= sent.day
where spell_no = 1;

create table outcome as
select programme_id, person, sex, age_band, ethnic5, disability, cohort, outcome_code, outcome_date as day,
    evidence_date, evidence_type_code, hours_per_week, if(is_wage_subsidy, 'subsidised', 'not_subsidised') as wage_subsidy,
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
    from outcome left join (select programme_id, person, day from start) as entry using (programme_id, person)
    where is_job and grade < 4
), repeated as (
    select distinct claim.programme_id, claim.person, claim.day
    from claim join claim as prior on claim.person = prior.person and claim.programme_id <> prior.programme_id
        and abs(claim.day - prior.day) <= 14 and prior.turn < claim.turn
)
select claim.*, (repeated.person is not null)::int as shared,
    case grade when 1 then 'verified' when 2 then 'evidenced' else 'claimed' end as evidence_grade,
    if(evidenced, coalesce(evidence_type_code, 'unknown'), 'not_evidenced') as evidence_type,
    case when not evidenced then 'not_evidenced' when evidence_date <= claim.day + 30 then 'within_30_days'
        when evidence_date <= claim.day + 90 then 'within_90_days' when evidence_date > claim.day + 90 then 'after_90_days'
        else 'unknown' end as evidence_age
from claim left join repeated using (programme_id, person, day);

create table metric_values (
    metric_id varchar, programme_id varchar, area_code varchar, breakdown_type varchar, breakdown_value varchar,
    cohort_quarter varchar, period_start date, period_end date, numerator decimal(18, 2), denominator decimal(18, 2)
);

-- M01, M04, M08, M09: events by month, then summed over each window; a window without any is a zero.
create table monthly as
select 'M01' as metric_id, programme_id, date_trunc('month', day) as month, sex, age_band, referral_source, triage_outcome,
    0 as shared, count(*) as events
from referral where counted group by grouping sets (
    (programme_id, month), (programme_id, month, sex), (programme_id, month, age_band),
    (programme_id, month, referral_source), (programme_id, month, triage_outcome))
union all by name
select 'M04' as metric_id, programme_id, date_trunc('month', day) as month, sex, age_band, ethnic5, disability, cohort,
    inactivity_reason, employment_status, imd, referral_source, barriers, 0 as shared, count(*) as events
from start group by grouping sets (
    (programme_id, month), (programme_id, month, sex), (programme_id, month, age_band), (programme_id, month, ethnic5),
    (programme_id, month, disability), (programme_id, month, cohort), (programme_id, month, inactivity_reason),
    (programme_id, month, employment_status), (programme_id, month, imd), (programme_id, month, referral_source),
    (programme_id, month, barriers))
union all by name
select metric_id, programme_id, date_trunc('month', day) as month, sex, age_band, ethnic5, disability, cohort, wage_subsidy,
    evidence_grade, evidence_type, evidence_age, sum(shared) as shared, count(*) as events
from job join (values ('M08', true), ('M09', false)) as grades(metric_id, needs_evidence) on evidenced or not needs_evidence
group by grouping sets (
    (metric_id, programme_id, month), (metric_id, programme_id, month, sex), (metric_id, programme_id, month, age_band),
    (metric_id, programme_id, month, ethnic5), (metric_id, programme_id, month, disability),
    (metric_id, programme_id, month, cohort), (metric_id, programme_id, month, wage_subsidy),
    (metric_id, programme_id, month, evidence_grade), (metric_id, programme_id, month, evidence_type),
    (metric_id, programme_id, month, evidence_age));

create table total as
with cell as (
    select metric_id, programme_id as part, month, events, shared,
        case when sex is not null then 'sex' when age_band is not null then 'age_band' when ethnic5 is not null then 'ethnic5'
            when disability is not null then 'disability' when inactivity_reason is not null then 'inactivity_reason'
            when employment_status is not null then 'employment_status' when imd is not null then 'imd'
            when cohort is not null then 'cohort' when referral_source is not null then 'referral_source'
            when barriers is not null then 'barriers' when triage_outcome is not null then 'triage_outcome'
            when wage_subsidy is not null then 'wage_subsidy' when evidence_grade is not null then 'evidence_grade'
            when evidence_type is not null then 'evidence_type' when evidence_age is not null then 'evidence_age'
            else 'all' end as breakdown_type,
        coalesce(sex, age_band, ethnic5, disability, inactivity_reason, employment_status, imd, cohort, referral_source,
            barriers, triage_outcome, wage_subsidy, evidence_grade, evidence_type, evidence_age, 'all') as breakdown_value
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
    or (period_type = 'year' and breakdown_type <> 'employment_status'
        and (metric_id = 'M09') = (breakdown_type like 'evidence_%'));

-- M02, M05, M11, M22: people, each once in every window.
insert into metric_values
with occurrence as (
    select 'M02' as metric_id, programme_id as part, person, day, 0 as shared from referral where counted
    union all
    select 'M05', programme_id, person, day, 0 from start
    union all
    select 'M11', programme_id, person, day, shared from job where evidenced
    union all
    select 'M22', programme_id, person, day, 0 from outcome where outcome_code in ('ACCRED_TRAINING', 'QUALIFICATION') and grade <= 2
)
select metrics.metric_id, programme_id, area_code, 'all', 'all', 'all', period_start, period_end, count(distinct person), null
from shown cross join (values ('M02'), ('M05'), ('M11'), ('M22')) as metrics(metric_id)
left join occurrence on metrics.metric_id = occurrence.metric_id and shown.part = occurrence.part
    and day between period_start and period_end and (shared = 0 or shown.programme_id <> 'P07')
where period_type = 'year' or metrics.metric_id = 'M02'
group by all;

-- M03, M06, M12, M32: two of the above of the same window, which is the year to date, and breakdown.
insert into metric_values
select rates.metric_id, n.programme_id, n.area_code, n.breakdown_type, n.breakdown_value, 'all', n.period_start,
    n.period_end, n.numerator, d.numerator
from (values ('M03', 'M01', 'M02'), ('M06', 'M04', 'M01'), ('M12', 'M08', 'M04'), ('M32', 'M08', 'M01'))
    as rates(metric_id, above, below)
join metric_values as n on n.metric_id = above
join metric_values as d on d.metric_id = below and d.programme_id = n.programme_id
    and d.breakdown_type = n.breakdown_type and d.breakdown_value = n.breakdown_value
    and d.period_start = n.period_start and d.period_end = n.period_end
where n.period_end = date '2026-02-28';

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
from starts_by_group where period_type = 'year'
    and breakdown_type in ('sex', 'age_band', 'ethnic5', 'disability', 'inactivity_reason')
union all
select 'M27', programme_id, area_code, 'inactive_population', inactivity_reason_code, 'all', period_start, period_end, events, people
from starts_by_group join 'inactive_population.csv' using (area_code)
where period_type = 'year' and (
    (breakdown_type = 'inactivity_reason' and breakdown_value = inactivity_reason_code)
    or (breakdown_type = 'employment_status' and breakdown_value = 'inactive' and inactivity_reason_code = 'all'))
union all
select distinct 'M28', programme_id, area_code, 'all', 'all', 'all', period_start, period_end, deprived, known
from starts_by_group where period_type = 'year' and breakdown_type = 'imd';

-- M07, M10, M15, M16: cohorts of a quarter; M07 and M10 by district, once the last of them has been observed for long enough.
create table cohort as
with first_referral as (
    select programme_id, person, min(day) as referred from referral where counted group by all
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

create table checked as
select person, programme_id, job_start_date as day, check_weeks,
    case when sustainment_status_code = 'sustained' and coalesce(sustainments.evidence_status_code, 'claimed')
        not in ('evidenced', 'verified') then 'unknown' else sustainment_status_code end as status
from w.accepted.sustainments join record using (record_key, programme_id) join submission using (submission_id)
qualify row_number() over (
    partition by person, programme_id, job_start_date, check_weeks order by newest desc, source_row) = 1;

insert into cohort
with due as (
    select metric_id, levels.programme_id, date_trunc('quarter', job.day) as quarter,
        count(*) as jobs, count(*) filter (status = 'sustained') as sustained,
        count(*) filter (coalesce(status, 'unknown') not in ('sustained', 'not_sustained')) as not_known
    from job join (select distinct part, programme_id from shown) as levels on job.programme_id = part
        and (shared = 0 or levels.programme_id <> 'P07')
    cross join (values ('M15', 13), ('M16', 26)) as points(metric_id, weeks)
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

-- M13, M14: Kaplan-Meier from start to first evidenced job, everybody watched to the last day reported; M15 and M16 by
-- weeks: from check point to check point, while each is known.
create table survival as
with watched as (
    select 'M13' as kind, start.programme_id as part, start.day, 0 as shared, min(job.day) as ended,
        date '2026-02-28' as watched_to
    from start left join job on start.programme_id = job.programme_id and start.person = job.person
        and evidenced and job.day between start.day and date '2026-02-28'
    group by start.programme_id, start.person, start.day
    union all
    select 'M16', programme_id, job.day, shared,
        job.day + case when early.status = 'not_sustained' then 91
            when early.status = 'sustained' and late.status = 'not_sustained' then 182 end,
        job.day + if(early.status = 'sustained', if(late.status = 'sustained', 182, 91), 0)
    from job left join (from checked where check_weeks = 13) as early using (programme_id, person, day)
    left join (from checked where check_weeks = 26) as late using (programme_id, person, day)
    where evidenced
), by_day as (
    select kind, programme_id, area_code, period_type, period_start, period_end,
        coalesce(ended, watched_to) - day as days, count(ended) as ended, count(*) as leaving
    from watched join shown using (part)
    where day between period_start and period_end and (shared = 0 or programme_id <> 'P07')
    group by all
), at_risk as (
    select *, sum(leaving) over (partition by kind, programme_id, period_start, period_end order by days desc) as at_risk
    from by_day
)
select *, product(1 - ended / at_risk) over so_far as share_left,
    sum(if(ended < at_risk, ended / (at_risk * (at_risk - ended)), 0)) over so_far as greenwood,
    if(period_type = 'quarter', strftime(period_start, '%Y-Q') || quarter(period_start), 'all') as cohort_quarter
from at_risk
window so_far as (partition by kind, programme_id, period_start, period_end order by days);

create table estimate as
with share as (
    select kind, programme_id, area_code, weeks, cohort_quarter, period_start, period_end, sum(leaving) as members,
        sum(leaving) filter (days >= 7 * weeks) as watched, min(share_left) filter (days <= 7 * weeks) as share_left,
        max(greenwood) filter (days <= 7 * weeks) as greenwood
    from survival cross join (values (13), (26), (52)) as points(weeks)
    group by all
), effective as (
    select *, case when watched >= 30 then if(kind = 'M13', 1 - share_left, share_left) end as share,
        case when share_left = 0 then members when greenwood = 0 then watched
            else (1 - share_left) / (share_left * greenwood) end as effective_members
    from share
)
select case when kind = 'M13' then 'M13' when weeks = 13 then 'M15' else 'M16' end as metric_id, programme_id, area_code,
    'weeks' as breakdown_type, cast(weeks as varchar) as breakdown_value, cohort_quarter, period_start, period_end,
    cast(share * effective_members as decimal(18, 2)) as numerator,
    cast(if(share is null, null, effective_members) as decimal(18, 2)) as denominator, cast(share as decimal(18, 6)) as value
from effective;

insert into metric_values
with middle as (
    select *, min(days) filter (share_left < 0.5 + 1e-9) over (partition by programme_id, period_start, period_end) as median
    from survival where kind = 'M13'
)
select 'M14', programme_id, area_code, 'all', 'all', cohort_quarter, period_start, period_end,
    case when sum(ended) >= 30 and sum(ended) filter (days <= median) >= 10 and sum(leaving) filter (days > median) >= 10
        then any_value(median) end, null
from middle group by all;

-- M18: people with three barriers or more.
insert into metric_values
select 'M18', shown.programme_id, area_code, 'all', 'all', 'all', period_start, period_end,
    count(distinct person) filter (barriers = 'three_or_more'), count(distinct person)
from start join shown on start.programme_id = part and day between period_start and period_end
where barriers <> 'unknown' and period_type = 'year'
group by all;

-- M19: contacts and attendances of people with a spell open in the window, where contacts are reported by person.
create table engaged as
with engagement as (
    select programme_id, person, activity_date as day, quantity
    from w.accepted.activities join record using (record_key, programme_id)
    where activity_code in ('attendance', 'one_to_one', 'call_text')
), active as (
    select distinct shown.programme_id, area_code, period_start, period_end, person
    from spell join shown on spell.programme_id = part and shown.programme_id = part
        and day <= period_end and coalesce(end_date >= period_start, true)
    where part in (select programme_id from engagement)
)
select active.programme_id, area_code, period_start, period_end, active.person, coalesce(sum(quantity), 0) as engagements
from active left join engagement on active.programme_id = engagement.programme_id and active.person = engagement.person
    and day between period_start and period_end
group by all;

insert into metric_values
select 'M19', programme_id, area_code, 'all', 'all', 'all', period_start, period_end, sum(engagements), count(*)
from engaged group by all;

insert into estimate
select 'M19', programme_id, area_code, 'measure', 'median', 'all', period_start, period_end,
    if(count(*) >= 20, median(engagements), null) as middle, null, middle
from engaged group by all;

-- M20: attendances stay with the district; of the region nobody knows, since only one district reports them.
insert into metric_values
with attended as (
    select programme_id, area_code, period_start, period_end, sum(quantity) as attendances, count(distinct person) as people
    from w.accepted.activities left join record using (record_key, programme_id)
    join (from shown where part = programme_id) as shown using (programme_id)
    where activity_code = 'attendance' and activity_date between period_start and period_end
    group by all
)
select 'M20', programme_id, area_code, 'measure', 'attendances', 'all', period_start, period_end, attendances, null
from attended
union all
select 'M20', programme_id, area_code, 'measure', 'unique_attendees', 'all', period_start, period_end, people, null
from attended
union all
select 'M20', 'P07', 'E47000002', 'measure', 'unique_attendees', 'all', period_start, period_end, null, null
from attended;

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

-- M29: fields answered of fields asked, by the weights of completeness_weights.csv.
create macro answered(field) as field not in ('unknown', 'not_asked', 'missing');

insert into metric_values
with fields as (
    select programme_id, 5 * count(*) as asked, count_if(answered(sex)) + count_if(answered(age_band))
        + count_if(answered(ethnic5)) + count_if(answered(disability)) + count_if(answered(area)) as answers
    from record group by all
    union all
    select programme_id, 2 * count(*), count_if(answered(referral_source)) + count_if(answered(triage_outcome))
    from referral group by all
    union all
    select programme_id, 2 * count(*) + count_if(employment_status = 'inactive'), 2 * count_if(answered(employment_status))
        + count_if(employment_status = 'inactive' and answered(inactivity_reason))
    from spell group by all
    union all
    select programme_id, 4 * count_if(grade <= 2) + count_if(is_job), 2 * count(evidence_type_code) filter (grade <= 2)
        + 2 * count(evidence_date) filter (grade <= 2) + count(hours_per_week) filter (is_job)
    from outcome group by all
)
select 'M29', 'all', 'all', 'return', return_id, 'all', date '2025-04-01', date '2026-02-28', sum(answers), sum(asked)
from fields join (values ('P08', 'rotherham_eit'), ('P07b', 'barnsley_eit'), ('P07d', 'doncaster_eit'))
    as returns(programme_id, return_id) using (programme_id)
group by all;

-- M30: returns that came in time.
insert into metric_values
select 'M30', 'all', 'all', if(grouping(return_id) = 0, 'return', 'all'), coalesce(return_id, 'all'), 'all',
    date_trunc('quarter', period_end) as quarter, last_day(quarter + interval 2 months), count_if(receipt in ('in', 'nil')), count(*)
from w.control.ledger where receipt <> 'not_due'
group by grouping sets ((quarter), (quarter, return_id));

-- Rates to six decimals, halves up; counts as they are.
create table result as
select *, case
    when denominator is null then numerator
    when denominator > 0
        then (2000000 * cast(numerator as bigint) + cast(denominator as bigint)) // (2 * cast(denominator as bigint)) / 1e6
end as value
from metric_values
union all
select * from estimate;
