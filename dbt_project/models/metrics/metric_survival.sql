with

{% set smallest_base = 30 -%}
{% set smallest_side = 10 -%}

shares as (

    select
        survival.*,
        -- a whole's jobs less its other parts' would tell a small part's: hidden together
        least(survival.jobs, coalesce(smallest_parts.jobs, survival.jobs)) as fewest_jobs,
        survival.at_risk >= {{ smallest_base }} as is_enough,
        absences.absence_caveat

    from {{ ref('job_survival') }} as survival
    left join {{ ref('region_absences') }} as absences
        on survival.programme_id = absences.programme_id and absences.entity = 'starts'
    left join {{ ref('survival_parts') }} as smallest_parts
        on
            survival.programme_id = smallest_parts.programme_id
            and survival.area_code = smallest_parts.area_code
            and survival.period_type = smallest_parts.period_type
            and survival.period_start = smallest_parts.period_start
            and survival.weeks = smallest_parts.weeks

),

halves as (

    select
        programme_id,
        area_code,
        period_type,
        period_start,
        period_end,
        sum(jobs) as jobs,
        -- a half is a half, whatever logarithms make of it
        min(case when share_without_job < 0.5 + 0.000000001 then days end) as median_days

    from {{ ref('survival_days') }}
    group by programme_id, area_code, period_type, period_start, period_end

),

-- A median needs people on both sides of it.
medians as (

    select
        halves.programme_id,
        halves.area_code,
        halves.period_type,
        halves.period_start,
        halves.period_end,
        halves.median_days,
        halves.jobs,
        halves.jobs >= {{ smallest_base }}
        and sum(case when days.days <= halves.median_days then days.jobs else 0 end) >= {{ smallest_side }}
        and sum(case when days.days > halves.median_days then days.leaving else 0 end) >= {{ smallest_side }}
            as is_enough,
        absences.absence_caveat

    from halves
    inner join {{ ref('survival_days') }} as days
        on
            halves.programme_id = days.programme_id
            and halves.area_code = days.area_code
            and halves.period_type = days.period_type
            and halves.period_start = days.period_start
    left join {{ ref('region_absences') }} as absences
        on halves.programme_id = absences.programme_id and absences.entity = 'starts'
    group by
        halves.programme_id,
        halves.area_code,
        halves.period_type,
        halves.period_start,
        halves.period_end,
        halves.median_days,
        halves.jobs,
        absences.absence_caveat

)

{% set cohort = "case when period_type = 'quarter' then " ~ quarter_label('period_start') ~ " else 'all' end" -%}

select
    {{ metric_row(
        "'M13'",
        breakdown_type="'weeks'",
        breakdown_value='cast(weeks as string)',
        cohort_quarter=cohort,
        numerator='case when is_enough then share_with_job * effective_starts end',
        denominator='case when is_enough then effective_starts end',
        exact_value='case when is_enough then share_with_job end',
        contributors='case when is_enough then fewest_jobs end',
        days_to_mature='7 * weeks',
        caveat='absence_caveat',
    ) }}

from shares

union all

select
    {{ metric_row(
        "'M14'",
        cohort_quarter=cohort,
        numerator='case when is_enough then median_days end',
        contributors='case when is_enough then jobs end',
        days_to_mature='364',
        caveat='absence_caveat',
    ) }}

from medians
