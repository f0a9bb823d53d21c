with

jobs as (

    select * from {{ ref('outcomes') }}
    where is_job and evidence_grade <> 'void'

),

entries as (

    select
        person_no,
        programme_id,
        entry_start_date

    from {{ ref('starts') }}
    where is_first_spell

),

families as (

    select
        programme_id,
        coalesce(parent_programme_id, programme_id) as family_id

    from {{ ref('programmes') }}

),

in_several as (

    select person_no

    from jobs
    group by person_no
    having min(programme_id) <> max(programme_id)

),

claims as (

    select
        jobs.person_no,
        jobs.programme_id,
        jobs.outcome_date,
        families.family_id,
        -- whose claim goes first when two programmes claim one job: evidence, then the earlier start
        row_number() over (
            partition by jobs.person_no
            order by
                case when jobs.is_evidenced then 0 else 1 end,
                coalesce(entries.entry_start_date, jobs.outcome_date),
                jobs.programme_id,
                jobs.outcome_date
        ) as claim_order

    from jobs
    inner join in_several on jobs.person_no = in_several.person_no
    inner join families on jobs.programme_id = families.programme_id
    left join entries on jobs.person_no = entries.person_no and jobs.programme_id = entries.programme_id

),

-- The same person's job within 14 days on another programme is the same job.
shared as (

    select
        claims.person_no,
        claims.programme_id,
        claims.outcome_date,
        max(case when others.family_id = claims.family_id and others.claim_order < claims.claim_order then 1 else 0 end)
            as has_prior_claim

    from claims
    inner join claims as others
        on
            claims.person_no = others.person_no
            and claims.programme_id <> others.programme_id
            and others.outcome_date between
            claims.outcome_date - interval '14 days' and claims.outcome_date + interval '14 days'
    group by claims.person_no, claims.programme_id, claims.outcome_date

)

select
    jobs.return_id,
    jobs.programme_id,
    jobs.person_no,
    jobs.area_code,
    jobs.sex_code,
    jobs.age_band_code,
    jobs.ethnic5_code,
    jobs.disability_code,
    jobs.cohort_code,
    jobs.evidence_grade,
    jobs.evidence_type_code,
    jobs.definition_code,
    jobs.is_evidenced,
    jobs.is_wage_subsidy,
    shared.person_no is not null as is_shared_claim,
    coalesce(shared.has_prior_claim, 0) = 0 as is_counted_in_region,
    jobs.outcome_date as job_start_date,
    jobs.evidence_date

from jobs
left join shared
    on
        jobs.person_no = shared.person_no
        and jobs.programme_id = shared.programme_id
        and jobs.outcome_date = shared.outcome_date
