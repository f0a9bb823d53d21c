-- Spells = people + re-entries for every programme, and the entry of a person encloses every spell.
select
    programme_id,
    count(*) as spells,
    count(distinct person_no) as people,
    count(case when not is_first_spell then 1 end) as reentries

from {{ ref('starts') }}
group by programme_id
having
    count(*) <> count(distinct person_no) + count(case when not is_first_spell then 1 end)
    or count(case when start_date < entry_start_date or end_date > entry_end_date then 1 end) > 0
