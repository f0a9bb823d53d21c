-- A target says what it counts, and that is what the metric counts that is held against it.
select
    targets.return_id as target,
    coalesce(own.label, 'not stated') as a,
    metric.label as b
from harmonised.targets as targets
left join reference.codes as own
    on targets.definition_code = own.code and own.code_list = 'outcome_definition'
inner join reference.codes as metric
    on targets.metric_definition_code = metric.code and metric.code_list = 'outcome_definition'
where coalesce(targets.definition_code <> targets.metric_definition_code, true)
order by target, a
