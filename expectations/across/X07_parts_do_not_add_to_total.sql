-- The parts of a breakdown add to the total, or their intervals to one that meets the total's (status: X08). A part
-- that could not be read, or a row set aside that may be one, may be any number; so may one of no total.
with parts as (
    select
        counts.submission_id,
        counts.source_sheet,
        counts.programme_id,
        counts.count_code,
        counts.area_code,
        counts.period_start,
        counts.period_end,
        counts.breakdown_type,
        sum(counts.value_lower) filter (where not counts.stops) as lower_sum,
        case
            when bool_and(counts.value_upper is not null and not counts.stops and not submissions.has_rows_apart)
                then sum(counts.value_upper)
        end as upper_sum
    from counts
    inner join submissions on counts.submission_id = submissions.submission_id
    where
        counts.breakdown_type not in ('all', 'employment_status')
        and counts.breakdown_value <> 'all'
        and (counts.value_status_code <> 'missing' or counts.stops)
    group by all
),

totals as (
    select *
    from counts
    where breakdown_type = 'all' and value_status_code <> 'missing' and not stops
),

strays as (  -- perhaps of a total told here, with a slip in their area or period
    select distinct
        counts.submission_id,
        counts.programme_id,
        counts.count_code,
        counts.breakdown_type
    from counts
    left join counts as totals
        on
            counts.submission_id = totals.submission_id
            and counts.programme_id = totals.programme_id
            and counts.count_code = totals.count_code
            and counts.area_code is not distinct from totals.area_code
            and counts.period_start = totals.period_start
            and counts.period_end = totals.period_end
            and totals.breakdown_type = 'all'
    where counts.breakdown_type <> 'all' and totals.submission_id is null
),

differing as (
    select
        totals.*,
        parts.breakdown_type as parts_type,
        parts.lower_sum,
        parts.upper_sum
    from totals
    inner join parts
        on
            totals.submission_id = parts.submission_id
            and totals.programme_id = parts.programme_id
            and totals.count_code = parts.count_code
            and totals.area_code is not distinct from parts.area_code
            and totals.period_start = parts.period_start
            and totals.period_end = parts.period_end
    left join strays
        on
            parts.submission_id = strays.submission_id
            and parts.programme_id = strays.programme_id
            and parts.count_code = strays.count_code
            and parts.breakdown_type = strays.breakdown_type
    where
        parts.lower_sum > coalesce(totals.value_upper, parts.lower_sum)
        or (parts.upper_sum < totals.value_lower and strays.submission_id is null)
)

select
    counts.submission_id,
    counts.source_sheet,
    counts.source_row,
    counts.record_no,
    'counts' as entity,
    lower(count_codes.description) as what,
    replace(differing.parts_type, '_', ' ') as breakdown,
    case
        when differing.lower_sum = differing.upper_sum then cast(cast(differing.lower_sum as bigint) as varchar)
        else concat(cast(differing.lower_sum as bigint), ' to ', coalesce(cast(cast(differing.upper_sum as bigint) as varchar), 'more'))
    end as a,
    case
        when differing.value_lower = differing.value_upper then cast(cast(differing.value_lower as bigint) as varchar)
        else concat(cast(differing.value_lower as bigint), ' to ', coalesce(cast(cast(differing.value_upper as bigint) as varchar), 'more'))
    end as b
from differing
inner join counts
    on
        differing.submission_id = counts.submission_id
        and differing.programme_id = counts.programme_id
        and differing.count_code = counts.count_code
        and differing.area_code is not distinct from counts.area_code
        and differing.period_start = counts.period_start
        and differing.period_end = counts.period_end
        and (differing.parts_type = counts.breakdown_type or differing.record_no = counts.record_no)
inner join count_codes on counts.count_code = count_codes.count_code
