select i, return_id, programme_id, i as source_row, begun as said_on, begun as start_date,
    case when ends <= last_day() then ends end as end_date,
    md5('employer' || hash(i, 113) % greatest(20, $people // 500)) as employer_key,
    case when roll(i, 114) < 3500 then true when roll(i, 114) < 9500 then false end as is_permanent
from (
    select *, start_date + 15 + roll(twin, 111) % 40 as begun, begun + 30 + 7 * (roll(i, 112) % 5) as ends
    from spell
) as placed
where spell_no = 1 and roll(twin, 110) < 1100 and begun <= last_day()
