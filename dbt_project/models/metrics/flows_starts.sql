with

sources as (

    select * from {{ ref('start_sources') }}

),

barriers as (

    select * from {{ ref('barriers_at_start') }}

),

starts as (

    select
        'M04' as metric_id,
        starts.programme_id,
        starts.area_code,
        starts.sex_code,
        starts.age_band_code,
        starts.ethnic5_code,
        starts.disability_code,
        starts.cohort_code,
        starts.inactivity_reason_code,
        starts.employment_status_code,
        coalesce(sources.source_code, 'unknown') as referral_source_code,
        case
            when not starts.is_barriers_assessed and barriers.person_no is null then 'unknown'
            when coalesce(barriers.barriers, 0) >= 3 then 'three_or_more'
            else 'fewer_than_three'
        end as barriers_code,
        coalesce(cast(starts.imd_decile as string), 'unknown') as imd_decile,
        cast(date_trunc('month', starts.start_date) as date) as flow_start

    from {{ ref('starts') }} as starts
    inner join {{ ref('coverage') }} as coverage
        on
            starts.programme_id = coverage.programme_id
            and starts.return_id = coverage.return_id
            and coverage.count_code = 'starts'
            and coverage.source_grain = 'record'
            and coverage.is_authoritative
    left join sources
        on
            starts.programme_id = sources.programme_id
            and starts.person_no = sources.person_no
            and starts.start_date = sources.start_date
    left join barriers on starts.programme_id = barriers.programme_id and starts.person_no = barriers.person_no
    where starts.is_counted_start

)

{{ monthly_flows('starts', {
    'sex': 'sex_code',
    'age_band': 'age_band_code',
    'ethnic5': 'ethnic5_code',
    'disability': 'disability_code',
    'inactivity_reason': 'inactivity_reason_code',
    'employment_status': 'employment_status_code',
    'imd': 'imd_decile',
    'cohort': 'cohort_code',
    'referral_source': 'referral_source_code',
    'barriers': 'barriers_code',
}) }}
