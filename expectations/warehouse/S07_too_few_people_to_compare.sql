-- Shares of districts of one region whose interval (Wilson, 95%) is wider than 20 points, in the latest period.
with shares as (
    select
        figures.metric_id,
        areas.area_name,
        areas.parent_code,
        figures.numerator / figures.denominator as share,
        figures.denominator as people,
        row_number() over (
            partition by figures.metric_id, figures.programme_id, figures.area_code
            order by figures.period_end desc, figures.period_start asc
        ) as place
    from metrics.metric_values as figures
    inner join reference.metric_definitions as definitions
        on figures.metric_id = definitions.metric_id and definitions.value_kind = 'rate'
    inner join reference.areas as areas on figures.area_code = areas.area_code and areas.area_level = 'district'
    where
        figures.breakdown_type = 'all'
        and figures.cohort_quarter = 'all'
        and figures.denominator >= definitions.minimum_denominator
)

select
    metric_id as target,
    metric_id as metric,
    string_agg(distinct area_name, ', ' order by area_name) as areas
from (
    select
        *,
        count(*) over (partition by metric_id, parent_code) as compared
    from shares
    where place = 1
) as latest
where
    compared > 1
    and 2 * 1.96 * sqrt(greatest(0, share * (1 - share)) / people + 0.96 / (people * people)) / (1 + 3.84 / people) > 0.20
group by metric_id
order by metric_id
