with described as (
    select i, return_id, programme_id, referral_date,
        case when roll(i, 20) < 5150 then 'female' when roll(i, 20) < 9800 then 'male'
            when roll(i, 20) < 9940 then 'not_stated' end as sex_code,
        ['16_24', '25_34', '35_49', '50_64'][1 + roll(i, 21) % 4] as age_band_code,
        roll(i, 21) % 4 = 0 as is_aged_16_to_30,
        case when roll(i, 22) < 7200 then 'white_british' when roll(i, 22) < 9500
            then ['white_other', 'asian_pakistani', 'asian_indian', 'black_african', 'black_caribbean',
                'mixed_white_black_caribbean', 'other_arab', 'prefer_not_to_say'][1 + roll(i, 22) % 8]
            end as ethnic_group_code,
        case when roll(i, 23) < 5000 then 'not_disabled' when roll(i, 23) < 9100 then 'disabled'
            when roll(i, 23) < 9500 then 'prefer_not_to_say' end as disability_code,
        case programme_id when 'P08' then 'E08000018' when 'P07d' then 'E08000017'
            else ['E08000016', 'E08000038'][1 + roll(i, 24) % 2] end as area_code,
        case when roll(i, 25) < 9980 then 1 + roll(i, 25) % 10 end as imd_decile,
        2025 as imd_year
    from participant
)
select *, i as source_row, referral_date as said_on from described
union all
-- Doncaster states one in twenty again in a later month, sometimes without the age
select * replace (case when roll(i, 27) < 5000 then age_band_code end as age_band_code),
    i + $people as source_row, least(referral_date + 45, last_day()) as said_on
from described where return_id = 'doncaster_eit' and roll(i, 26) < 500
