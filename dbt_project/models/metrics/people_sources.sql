with

recorded as (

    select distinct
        return_id,
        programme_id,
        count_code

    from {{ ref('recorded_months') }}
    where is_of_kind

),

-- Records that never tell of a thing do not say that there was none.
coverage as (

    select distinct
        coverage.programme_id,
        coverage.source_grain,
        count_codes.metric_id as count_metric_id

    from {{ ref('coverage') }} as coverage
    inner join {{ ref('count_codes') }} as count_codes on coverage.count_code = count_codes.count_code
    left join recorded
        on
            coverage.return_id = recorded.return_id
            and coverage.programme_id = recorded.programme_id
            and coverage.count_code = recorded.count_code
    where coverage.is_authoritative and (coverage.source_grain = 'aggregate' or recorded.return_id is not null)

),

people as (

    select
        programme_id,
        count_metric_id as metric_id,
        source_grain,
        count_metric_id

    from coverage
    where count_metric_id in ('M02', 'M05', 'M11', 'M22')

),

-- A partner that counts referrals, starts or jobs but not people: there are at most as many people.
events as (

    select
        programme_id,
        case count_metric_id when 'M01' then 'M02' when 'M04' then 'M05' when 'M08' then 'M11' end as metric_id,
        source_grain,
        count_metric_id

    from coverage
    where source_grain = 'aggregate' and count_metric_id in ('M01', 'M04', 'M08')

),

sources as (

    select
        people.*,
        true as is_count_of_people

    from people

    union all

    select
        events.*,
        -- where re-entry counts once, starts on one programme are people
        events.metric_id = 'M05' and programmes.entry_rule = 'person' as is_count_of_people

    from events
    inner join {{ ref('programmes') }} as programmes on events.programme_id = programmes.programme_id
    left join people
        on
            events.programme_id = people.programme_id
            and events.metric_id = people.metric_id
            and events.source_grain = people.source_grain
    where people.programme_id is null

)

select
    *,
    bool_or(source_grain = 'record') over (partition by programme_id, metric_id) as has_records

from sources
