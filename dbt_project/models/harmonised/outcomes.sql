{%- set jobs = "('EMP_START', 'SELF_EMP', 'APPRENTICESHIP')" -%}
with

outcomes as (

    select * from {{ ref('stg_returns__outcomes') }}

),

participants as (

    select * from {{ ref('participants') }}

),

submissions as (

    select * from {{ ref('submissions') }}

),

graded as (

    select
        outcomes.*,
        participants.person_no,
        participants.area_code,
        participants.sex_code,
        participants.age_band_code,
        participants.ethnic5_code,
        participants.disability_code,
        participants.cohort_code,
        submissions.last_period_end,
        outcomes.outcome_code in {{ jobs }} as is_job,
        case when outcomes.outcome_code in {{ jobs }} then 'job' else outcomes.outcome_code end as outcome_kind,
        -- the door has already made a claim of what has no evidence (rules R18 and R20)
        case
            when outcomes.evidence_status_code in ('evidenced', 'verified') then outcomes.evidence_status_code
            when outcomes.evidence_status_code in ('rejected', 'withdrawn') then 'void'
            else 'claimed'
        end as evidence_grade,
        coverage.return_id is not null as is_authoritative

    from outcomes
    inner join participants
        on outcomes.record_key = participants.record_key and outcomes.programme_id = participants.programme_id
    left join submissions on outcomes.submission_id = submissions.submission_id
    left join {{ ref('coverage') }} as coverage
        on
            outcomes.return_id = coverage.return_id
            and outcomes.programme_id = coverage.programme_id
            and cast(date_trunc('month', outcomes.outcome_date) as date) = coverage.month_start
            and coverage.count_code
            = case when outcomes.outcome_code in {{ jobs }} then 'evidenced_jobs' else 'qualifications' end
            and coverage.source_grain = 'record'
            and coverage.is_authoritative

),

-- One job a person, programme and first day; any other outcome also once a code. The newest
-- statement stands, whoever makes it, and of statements of the same age the best evidenced.
{{ newest_statements('graded', ['person_no', 'programme_id', 'outcome_date', 'outcome_kind'], order="
    last_period_end desc,
    case evidence_grade when 'verified' then 1 when 'evidenced' then 2 when 'claimed' then 3 else 4 end,
    return_id asc, source_sheet asc, source_row asc
", any_of=['is_authoritative']) }}

select
    return_id,
    source_sheet,
    source_row,
    programme_id,
    person_no,
    area_code,
    sex_code,
    age_band_code,
    ethnic5_code,
    disability_code,
    cohort_code,
    outcome_code,
    definition_code,
    evidence_grade,
    evidence_type_code,
    hours_per_week,
    is_job,
    evidence_grade in ('evidenced', 'verified') as is_evidenced,
    coalesce(is_wage_subsidy, false) as is_wage_subsidy,
    outcome_date,
    evidence_date

from newest
where any_is_authoritative
