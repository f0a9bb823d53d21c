-- A value multiplies only what it is a value of; a transfer is money that moves from purse to purse, so only
-- the fiscal lens knows it; one outcome family is valued in one stream of a programme and year.
select
    unit_values.unit_value_id as subject,
    'the unit of the value is not the unit of the count' as broken

from {{ ref('unit_values') }} as unit_values
left join {{ ref('count_codes') }} as count_codes on unit_values.count_code = count_codes.count_code
where count_codes.count_code is null or unit_values.unit <> count_codes.unit

union all

select
    unit_value_id as subject,
    'a transfer outside the fiscal perspective' as broken

from {{ ref('unit_values') }}
where is_transfer and perspective <> 'fiscal'

union all

select
    outcome_family as subject,
    'one outcome family is valued in two streams' as broken

from {{ ref('unit_values') }}
group by programme_id, outcome_family, valid_from
having count(distinct stream) > 1
