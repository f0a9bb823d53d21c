with referred as (
    select *, referral_date as said_on, i as source_row, 0 as salt from participant
    union all
    select *, referral_date + 30 + roll(i, 30) % 60 as said_on, i + $people as source_row, 100 as salt
    from participant where roll(i, 31) < 500 and referral_date + 90 <= last_day()
)
select i, return_id, programme_id, source_row, said_on, said_on as referral_date,
    ['jobcentre', 'self', 'triage', 'voluntary', 'gp', 'council'][1 + roll(i, 32 + salt) % 6] as source_code,
    case when roll(i, 33 + salt) < 6800 then 'accepted' when roll(i, 33 + salt) < 8200 then 'redirected'
        when roll(i, 33 + salt) < 9000 then 'no_contact' when roll(i, 33 + salt) < 9620 then 'declined'
        else 'duplicate' end as triage_outcome_code
from referred
