-- The shares of referrals that start and of starts that get a job are not beyond what published programmes have
-- seen (reference/benchmark_figures.csv), even allowing for chance (Wilson, 95%). Records are watched for 26 weeks;
-- a partner's own counts are not, so they can only be too high. A register of starters alone has no share.
with bands as (
    select
        if(numerator_name = 'starts', 'referrals', 'starts') as base,
        min(numerator / denominator) as low,
        max(numerator / denominator) as high
    from benchmark_figures
    where numerator_name <> 'referrals'
    group by base
),

events as (
    select
        record_key,
        programme_id,
        'referral' as event,
        referral_date as day
    from referrals
    union all
    select
        record_key,
        programme_id,
        'referral' as event,
        referral_date as day
    from known_referrals
    union all
    select
        record_key,
        programme_id,
        'start' as event,
        start_date as day
    from starts
    union all
    select
        record_key,
        programme_id,
        'start' as event,
        start_date as day
    from known_starts
    union all
    select
        record_key,
        programme_id,
        'job' as event,
        outcome_date as day
    from outcomes
    where outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP')
    union all
    select
        record_key,
        programme_id,
        'job' as event,
        outcome_date as day
    from known_outcomes
    where outcome_code in ('EMP_START', 'SELF_EMP', 'APPRENTICESHIP')
),

people as (
    select
        programme_id,
        min(day) filter (where event = 'referral') as referred_on,
        min(day) filter (where event = 'start') as started_on,
        count(*) filter (where event = 'job') > 0 as has_job
    from events
    group by record_key, programme_id
),

watched as (
    select
        people.*,
        cast(submissions.period_end as date) - 182 as last_day
    from people
    cross join submissions
),

shares as (
    select
        programme_id,
        'referrals' as base,
        true as is_watched,
        count(*) as d,
        count(started_on) as n
    from watched
    where referred_on <= last_day
    group by programme_id
    union all
    select
        programme_id,
        'starts' as base,
        true as is_watched,
        count(*) as d,
        count(*) filter (where has_job) as n
    from watched
    where started_on <= last_day
    group by programme_id
    union all
    select
        bases.programme_id,
        bases.count_code as base,
        false as is_watched,
        bases.value_upper as d,
        parts.value_lower as n
    from counts as bases
    inner join counts as parts
        on
            bases.programme_id = parts.programme_id
            and bases.area_code is not distinct from parts.area_code
            and bases.period_start = parts.period_start
            and bases.period_end = parts.period_end
            and (bases.count_code, parts.count_code) in (('referrals', 'starts'), ('starts', 'evidenced_jobs'))
    where bases.breakdown_type = 'all' and parts.breakdown_type = 'all'
),

intervals as (
    select
        *,
        n / d as share,
        (n / d + 1.92 / d) / (1 + 3.84 / d) as middle,
        1.96 * sqrt(n / d * (1 - n / d) / d + 0.96 / (d * d)) / (1 + 3.84 / d) as half
    from shares
    where d >= 30 and n > 0 and n < d
)

select
    submissions.submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    if(intervals.base = 'referrals', 'starts', 'outcomes') as entity,
    cast(round(100 * intervals.share) as bigint) as x,
    if(intervals.base = 'referrals', 'referrals led to a start', 'starts got a job') as what,
    cast(round(100 * bands.low) as bigint) as lo,
    cast(round(100 * bands.high) as bigint) as hi
from intervals
inner join bands on intervals.base = bands.base
cross join submissions
where
    intervals.middle - intervals.half > bands.high
    or (intervals.is_watched and intervals.middle + intervals.half < bands.low)
