-- Everyone on the register of the three South Yorkshire districts that send records, and what happened to
-- them, in the ratios of the sample returns. Every choice is a hash of the participant's number: the same
-- number of participants makes the same register. `$people` is that number.
create macro roll(who, salt) as cast(hash(who, salt) % 10000 as integer);
create macro last_day() as date '2026-02-28';

-- `twin` is the number that says when things happen: of a hundred people one is also with the next district,
-- and one twice with the same, so their dates lie on top of each other.
create table participant as
select
    i,
    case i % 100 when 1 then i - 1 when 3 then i - 3 else i end as twin,
    ['P08', 'P07b', 'P07d'][i % 3 + 1] as programme_id,
    ['rotherham_eit', 'barnsley_eit', 'doncaster_eit'][i % 3 + 1] as return_id,
    date '2025-04-01' + roll(twin, 1) % 334 as referral_date
from range($people) as numbers(i);

create table spell as
with wished as (
    select *, 1 as spell_no, referral_date + 3 + roll(twin, 3) % 58 as start_date,
        case when roll(i, 4) < 2500 then start_date + 40 + roll(i, 5) % 110 end as left_date
    from participant where roll(twin, 2) < 6000
), first_spell as (
    select *, case when left_date <= last_day() then left_date end as end_date
    from wished where start_date <= last_day()
)
select * exclude (left_date) from first_spell
union all
select i, twin, programme_id, return_id, referral_date, 2 as spell_no, end_date + 10 as start_date, null as end_date
from first_spell where roll(i, 6) < 800 and end_date + 10 <= last_day();

create table job as
select
    *,
    start_date + 14 + roll(twin, 8) % 120 + case when i <> twin then roll(i, 9) % 20 else 0 end as job_date,
    case when roll(i, 10) < 9500 then 5 + roll(i, 11) % 30 else 60 + roll(i, 11) % 60 end as days_to_evidence,
    case
        when job_date + days_to_evidence > last_day() then 'pending'
        when roll(i, 12) < 6100 then 'evidenced' when roll(i, 12) < 7900 then 'verified'
        when roll(i, 12) < 9100 then 'pending' when roll(i, 12) < 9800 then 'claimed'
        when roll(i, 12) < 9900 then 'rejected' else 'withdrawn'
    end as status
from spell
where spell_no = 1 and roll(twin, 7) < 3200 and start_date + 14 + roll(twin, 8) % 120 <= last_day() - 20;
