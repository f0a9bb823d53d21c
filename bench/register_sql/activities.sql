select i, return_id, programme_id, i + $people * k as source_row, start_date + 7 * k as said_on,
    said_on as activity_date, 1 as quantity,
    case when roll(i, 70 + k) < 6000 then 'one_to_one' when roll(i, 70 + k) < 9000 then 'call_text'
        else 'attendance' end as activity_code
from spell cross join (values (0), (1), (2), (3)) as slots(k)
where return_id = 'doncaster_eit' and spell_no = 1 and k < roll(i, 75) % 4
    and start_date + 7 * k <= last_day()
