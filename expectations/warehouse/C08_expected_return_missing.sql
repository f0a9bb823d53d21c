-- A return that was due and of which nothing has come.
select
    return_id as target,
    concat(period_start, ' to ', period_end) as period
from control.ledger
where receipt = 'missing'
order by target, period
