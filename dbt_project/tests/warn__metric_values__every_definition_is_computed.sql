-- Every metric that is defined has rows (rule of the catalogue: nothing is promised that nothing computes).
{{ config(severity='warn') }}

select definitions.metric_id

from {{ ref('metric_definitions') }} as definitions
left join {{ ref('metric_values') }} as metric_values on definitions.metric_id = metric_values.metric_id
where metric_values.metric_id is null
