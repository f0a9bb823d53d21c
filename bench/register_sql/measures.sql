select i, return_id, programme_id, i as source_row, said_on, said_on as measured_date,
    'ons4' as instrument_code,
    item_code, stage_code, 1 + (roll(i, salt + item_no) % 5) + stage_gain as score
from (
    select *, start_date as said_on, 'start' as stage_code, 80 as salt, 0 as stage_gain from spell
    union all
    select *, start_date + 60 as said_on, 'mid' as stage_code, 85 as salt, 1 as stage_gain
    from spell where roll(i, 81) < 1000
    union all
    select *, start_date + 90 as said_on, 'end' as stage_code, 90 as salt, 2 as stage_gain
    from spell where roll(i, 82) < 5500
) as asked
cross join (values ('life_satisfaction', 1), ('worthwhile', 2), ('happy', 3), ('anxious', 4))
    as items(item_code, item_no)
where return_id = 'doncaster_eit' and spell_no = 1 and roll(i, 83) < 8000 and said_on <= last_day()
