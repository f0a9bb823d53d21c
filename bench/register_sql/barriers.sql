select i, return_id, programme_id, i as source_row, start_date as said_on, 'start' as stage_code,
    ['physical_health', 'mental_health', 'confidence', 'learning_disability', 'caring', 'childcare', 'skills',
        'esol', 'transport', 'digital', 'housing', 'debt', 'criminal_record', 'isolation', 'benefit_loss', 'age',
        'unknown'][1 + roll(i, 50 + k) % 17] as barrier_code
from spell cross join (values (0), (1), (2), (3)) as slots(k)
where spell_no = 1 and roll(i, 43) < 8900 and roll(i, 60 + k) < 7500
