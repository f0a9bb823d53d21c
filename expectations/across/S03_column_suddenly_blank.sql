-- A column is not suddenly blank: a share of blanks more than 10 points above that of the last file.
with filled as (
    select submission_id, 'sex_code' as column_name, sex_code is null or sex_code = 'unknown' as is_blank
    from participants
    union all
    select submission_id, 'ethnic_group_code', ethnic_group_code is null or ethnic_group_code = 'unknown'
    from participants
    union all
    select submission_id, 'disability_code', disability_code is null or disability_code = 'unknown'
    from participants
),

last_filled as (
    select 'sex_code' as column_name, sex_code is null or sex_code = 'unknown' as is_blank
    from last_participants
    union all
    select 'ethnic_group_code', ethnic_group_code is null or ethnic_group_code = 'unknown'
    from last_participants
    union all
    select 'disability_code', disability_code is null or disability_code = 'unknown'
    from last_participants
),

shares as (
    select submission_id, column_name, avg(cast(is_blank as double)) as share, count(*) as people
    from filled
    group by submission_id, column_name
),

last_shares as (
    select column_name, avg(cast(is_blank as double)) as share, count(*) as people
    from last_filled
    group by column_name
)

select
    shares.submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'participants' as entity,
    shares.column_name,
    cast(round(100 * shares.share) as bigint) as p
from shares
inner join last_shares on shares.column_name = last_shares.column_name
inner join fed
    on
        shares.submission_id = fed.submission_id
        and fed.entity = 'participants'
        and fed.column_name = shares.column_name
where shares.people >= 20 and last_shares.people >= 20 and shares.share > last_shares.share + 0.10
