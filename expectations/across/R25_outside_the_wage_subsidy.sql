-- A wage subsidy goes to people aged 16 to 30.
select
    outcomes.submission_id,
    outcomes.source_sheet,
    outcomes.source_row,
    outcomes.record_no,
    'outcomes' as entity,
    'is_wage_subsidy' as column_name
from outcomes
inner join participants
    on
        outcomes.submission_id = participants.submission_id
        and outcomes.record_key = participants.record_key
        and outcomes.programme_id = participants.programme_id
where
    outcomes.is_wage_subsidy
    and participants.age_at_reference not between 16 and 30
