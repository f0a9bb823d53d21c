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

claims as (

    select
        jobs.*,
        families.family_id,
        entries.entry_start_date,
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
    claims.return_id,
    claims.programme_id,
    claims.person_no,
    claims.area_code,
    claims.sex_code,
    claims.age_band_code,
    claims.ethnic5_code,
    claims.disability_code,
    claims.cohort_code,
    claims.evidence_grade,
    claims.evidence_type_code,
    claims.definition_code,
    claims.is_evidenced,
    claims.is_wage_subsidy,
    shared.person_no is not null as is_shared_claim,
    coalesce(shared.has_prior_claim, 0) = 0 as is_counted_in_region,
    claims.outcome_date as job_start_date,
    claims.evidence_date

from claims
left join shared
    on
        claims.person_no = shared.person_no
        and claims.programme_id = shared.programme_id
        and claims.outcome_date = shared.outcome_date
