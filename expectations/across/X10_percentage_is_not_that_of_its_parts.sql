-- A percentage is, within half a point, that of the counts it is made of, where the same file states them.
with parts (share_code, numerator_code, denominator_code) as (
    values
    ('retention_share', 'people_retained', 'people_supported'),
    ('success_share', 'qualifications', 'people_supported'),
    ('into_work_share', 'people_into_work', 'people_supported')
)

select
    shares.submission_id,
    shares.source_sheet,
    shares.source_row,
    shares.record_no,
    'counts' as entity,
    'value_lower' as column_name,
    printf('%g', shares.value_lower) as p,
    cast(numerators.value_lower as bigint) as n,
    cast(denominators.value_upper as bigint) as d,
    printf('%.1f', 100 * numerators.value_lower / denominators.value_upper) as q
from counts as shares
inner join parts on shares.count_code = parts.share_code
inner join counts as numerators
    on
        parts.numerator_code = numerators.count_code
        and shares.submission_id = numerators.submission_id
        and shares.programme_id = numerators.programme_id
        and shares.area_code is not distinct from numerators.area_code
        and shares.breakdown_type = numerators.breakdown_type
        and shares.breakdown_value = numerators.breakdown_value
        and shares.period_start = numerators.period_start
        and shares.period_end = numerators.period_end
inner join counts as denominators
    on
        parts.denominator_code = denominators.count_code
        and shares.submission_id = denominators.submission_id
        and shares.programme_id = denominators.programme_id
        and shares.area_code is not distinct from denominators.area_code
        and shares.breakdown_type = denominators.breakdown_type
        and shares.breakdown_value = denominators.breakdown_value
        and shares.period_start = denominators.period_start
        and shares.period_end = denominators.period_end
where
    denominators.value_upper > 0
    and not exists ( -- a total of which it is no share, while it is one of the sum of its statuses, is told by X08
        select 1
        from counts as statuses
        where
            statuses.breakdown_type = 'employment_status'
            and denominators.breakdown_type = 'all'
            and statuses.submission_id = denominators.submission_id
            and statuses.programme_id = denominators.programme_id
            and statuses.count_code = denominators.count_code
            and statuses.area_code is not distinct from denominators.area_code
            and statuses.period_start = denominators.period_start
            and statuses.period_end = denominators.period_end
        having abs(shares.value_lower - 100 * numerators.value_lower / nullif(sum(statuses.value_lower), 0)) <= 0.5
    )
    and (
        shares.value_lower < 100 * numerators.value_lower / denominators.value_upper - 0.5
        or shares.value_lower > 100 * numerators.value_upper / nullif(denominators.value_lower, 0) + 0.5
    )
