with

totals as (

    select
        totals.*,
        region_gaps.programme_id is null as is_whole

    from {{ ref('totals') }} as totals
    left join {{ ref('region_gaps') }} as region_gaps
        on
            totals.programme_id = region_gaps.programme_id
            and totals.metric_id = region_gaps.metric_id
            and totals.breakdown_type = region_gaps.breakdown_type
    where
        totals.breakdown_type = 'all'
        or (
            totals.period_type <> 'quarter'
            and totals.breakdown_type <> 'employment_status'
            -- claims are told apart by their evidence, evidenced jobs by everything else
            and (totals.metric_id = 'M09') = (totals.breakdown_type like 'evidence_%')
        )

),

bounded as (

    select
        *,
        case when is_whole then value_upper end as known_upper

    from totals

)

select
    {{ metric_row(
        metric_id='metric_id',
        breakdown_type='breakdown_type',
        breakdown_value='breakdown_value',
        numerator='case when value_lower = known_upper then value_lower end',
        bound_lower='case when value_lower = known_upper then null else value_lower end',
        bound_upper='case when value_lower = known_upper then null else known_upper end',
        contributors='case when value_lower = known_upper then value_lower end',
        source_grain='source_grain',
    ) }}

from bounded
