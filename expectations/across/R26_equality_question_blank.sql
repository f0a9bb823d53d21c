-- A blank does not say whether an equality question was refused or never put.
select
    participants.submission_id,
    participants.source_sheet,
    participants.source_row,
    participants.record_no,
    'participants' as entity,
    fed.column_name,
    case fed.column_name when 'sex_code' then '''not stated''' else '''not asked'' or ''prefer not to say''' end as words
from participants
inner join fed on participants.submission_id = fed.submission_id and fed.entity = 'participants'
where
    (fed.column_name = 'ethnic_group_code' and participants.ethnic_group_code is null)
    or (fed.column_name = 'disability_code' and participants.disability_code is null)
    or (fed.column_name = 'sex_code' and participants.sex_code is null)
