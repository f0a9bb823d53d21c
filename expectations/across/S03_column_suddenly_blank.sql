-- A column is not suddenly blank: a share of blanks more than 10 points above that of the last file. Words that are
-- new to us are told one by one.
with shares as (
    select
        submission_id,
        column_name,
        avg(cast(code in ('', 'unknown', 'not_asked') as double)) as share,
        count(*) as people
    from (
        unpivot (
            select
                submission_id,
                case when "unread sex_code" then 'new' else coalesce(sex_code, '') end as sex_code,
                case when "unread ethnic_group_code" then 'new' else coalesce(ethnic_group_code, '') end as ethnic_group_code,
                case when "unread disability_code" then 'new' else coalesce(disability_code, '') end as disability_code,
                case when "unread cohort_code" then 'new' else coalesce(cohort_code, '') end as cohort_code
            from participants
        ) on sex_code, ethnic_group_code, disability_code, cohort_code into name column_name value code
    )
    group by submission_id, column_name
),

last_shares as (
    select
        column_name,
        avg(cast(code in ('', 'unknown', 'not_asked') as double)) as share,
        count(*) as people
    from (
        unpivot (
            select
                coalesce(sex_code, '') as sex_code,
                coalesce(ethnic_group_code, '') as ethnic_group_code,
                coalesce(disability_code, '') as disability_code,
                coalesce(cohort_code, '') as cohort_code
            from last_participants
        ) on sex_code, ethnic_group_code, disability_code, cohort_code into name column_name value code
    )
    group by column_name
)

select
    shares.submission_id,
    null as source_sheet,
    null as source_row,
    null as record_no,
    'participants' as entity,
    shares.column_name,
    cast(round(100 * shares.share) as bigint) as p,
    cast(round(100 * last_shares.share) as bigint) as q
from shares
inner join last_shares on shares.column_name = last_shares.column_name
inner join fed
    on
        shares.submission_id = fed.submission_id
        and fed.entity = 'participants'
        and shares.column_name = fed.column_name
where shares.people >= 20 and last_shares.people >= 20 and shares.share > last_shares.share + 0.10
