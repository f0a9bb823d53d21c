with

jobs as (

    select * from {{ ref('jobs') }}

),

graded as (

    select
        'M08' as metric_id,
        jobs.*

    from jobs
    where jobs.is_evidenced

    union all

    select
        'M09' as metric_id,
        jobs.*

    from jobs

),

dated as (

    select
        *,
        case when is_wage_subsidy then 'subsidised' else 'not_subsidised' end as wage_subsidy,
        case when is_evidenced then coalesce(evidence_type_code, 'unknown') else 'not_evidenced' end as evidence_type,
        case
            when not is_evidenced then 'not_evidenced'
            when evidence_date <= job_start_date + interval '30 days' then 'within_30_days'
            when evidence_date <= job_start_date + interval '90 days' then 'within_90_days'
            when evidence_date > job_start_date + interval '90 days' then 'after_90_days'
            else 'unknown'
        end as evidence_age,
        cast(date_trunc('month', job_start_date) as date) as flow_start

    from graded

)

-- shared: claims of a job that another programme of the family counts, out of the family's total
{{ monthly_flows('dated', {
    'sex': 'sex_code',
    'age_band': 'age_band_code',
    'ethnic5': 'ethnic5_code',
    'disability': 'disability_code',
    'cohort': 'cohort_code',
    'wage_subsidy': 'wage_subsidy',
    'evidence_grade': 'evidence_grade',
    'evidence_type': 'evidence_type',
    'evidence_age': 'evidence_age',
}, shared_claims='count(case when not is_counted_in_region then 1 end)') }}
