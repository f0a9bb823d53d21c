select i, return_id, programme_id, i + $people * (spell_no - 1) as source_row, start_date as said_on,
    start_date, end_date,
    case when end_date is not null
        then ['job', 'disengaged', 'completed', 'moved_area'][1 + roll(i, 40) % 4] end as end_reason_code,
    case when roll(i, 41) < 8300 then 'inactive' when roll(i, 41) < 9400 then 'unemployed'
        when roll(i, 41) < 9500 then 'employed' when roll(i, 41) < 9700 then 'unknown' end
        as employment_status_code,
    case when roll(i, 41) < 8300 then ['long_term_sick', 'long_term_sick', 'family_home', 'family_home',
        'other', 'discouraged', 'student', 'temporary_sick'][1 + roll(i, 42) % 8] end as inactivity_reason_code,
    case when roll(i, 43) < 8900 then true when roll(i, 43) < 9850 then false end as is_barriers_assessed
from spell
