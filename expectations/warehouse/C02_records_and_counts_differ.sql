-- Where two returns tell the same, one by records and one by counts, they agree within two or 2% in every period
-- that both have reported, records all of it. Records stand.
with reported as (
    select
        return_id,
        max(period_end) as last_day
    from control.ledger
    where used <> 'none'
    group by return_id
)

select
    counts.return_id as target,
    any_value(count_codes.description) as what,
    cast(coalesce(sum(flows.value_lower), 0) as bigint) as a,
    cast(counts.value_lower as bigint) as b
from harmonised.counts as counts
inner join reference.count_codes as count_codes on counts.count_code = count_codes.count_code
inner join (
    select distinct
        programme_id,
        area_code,
        count_code,
        return_id
    from harmonised.coverage
    where source_grain = 'record' and is_authoritative
) as records
    on
        counts.programme_id = records.programme_id
        and counts.area_code = records.area_code
        and counts.count_code = records.count_code
        and counts.return_id <> records.return_id
inner join reported on records.return_id = reported.return_id and counts.period_end <= reported.last_day
left join metrics.flows as flows
    on
        counts.programme_id = flows.programme_id
        and counts.metric_id = flows.metric_id
        and flows.source_grain = 'record'
        and flows.breakdown_type = 'all'
        and counts.period_start <= flows.flow_start
        and counts.period_end >= flows.flow_end
where
    counts.count_code in ('referrals', 'starts', 'evidenced_jobs')
    and counts.breakdown_type = 'all'
    and counts.value_lower = counts.value_upper
    and not exists (
        select 1
        from harmonised.coverage as own
        where
            own.return_id = counts.return_id
            and own.programme_id = counts.programme_id
            and own.count_code = counts.count_code
            and own.source_grain = 'aggregate'
            and own.is_authoritative
            and own.month_start between date_trunc('month', counts.period_start) and counts.period_end
    )
group by counts.return_id, counts.count_code, counts.period_start, counts.period_end, counts.value_lower
having abs(coalesce(sum(flows.value_lower), 0) - counts.value_lower) > greatest(2, 0.02 * counts.value_lower)
order by target, what, b
