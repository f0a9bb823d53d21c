-- Over a window that all of its programmes report, a parent programme's total lies within the sum of
-- theirs, less the jobs that two of them claim.
with

totals as (

    select * from {{ ref('metric_events') }}
    where breakdown_type = 'all'

),

parents as (

    select * from {{ ref('programme_levels') }}
    where is_parent_level

),

shared as (

    select
        parents.level_programme_id as programme_id,
        count(*) as claims

    from {{ ref('jobs') }} as jobs
    inner join parents on jobs.programme_id = parents.programme_id
    where not jobs.is_counted_in_region
    group by parents.level_programme_id

),

reporting as (

    select
        parents.level_programme_id as programme_id,
        totals.metric_id,
        count(distinct totals.programme_id) as programmes

    from totals
    inner join parents on totals.programme_id = parents.programme_id
    group by parents.level_programme_id, totals.metric_id

),

districts as (

    select
        parents.level_programme_id as programme_id,
        totals.metric_id,
        totals.period_start,
        totals.period_end,
        count(distinct totals.programme_id) as programmes,
        sum(coalesce(totals.numerator, totals.bound_lower)) as value_lower,
        case
            when count(coalesce(totals.numerator, totals.bound_upper)) = count(*)
                then sum(coalesce(totals.numerator, totals.bound_upper))
        end as value_upper

    from totals
    inner join parents on totals.programme_id = parents.programme_id
    inner join {{ ref('programmes') }} as programmes
        on parents.programme_id = programmes.programme_id and totals.area_code = programmes.area_code
    group by parents.level_programme_id, totals.metric_id, totals.period_start, totals.period_end

)

select
    regions.*,
    districts.value_lower,
    districts.value_upper

from totals as regions
inner join {{ ref('programmes') }} as programmes
    on regions.programme_id = programmes.programme_id and regions.area_code = programmes.area_code
inner join districts
    on
        regions.programme_id = districts.programme_id
        and regions.metric_id = districts.metric_id
        and regions.period_start = districts.period_start
        and regions.period_end = districts.period_end
inner join reporting
    on
        districts.programme_id = reporting.programme_id
        and districts.metric_id = reporting.metric_id
        and districts.programmes = reporting.programmes
left join shared on regions.programme_id = shared.programme_id
where
    coalesce(regions.numerator, regions.bound_lower) < districts.value_lower - coalesce(shared.claims, 0)
    or coalesce(regions.numerator, regions.bound_upper) > districts.value_upper
