with

at_start as (

    select * from {{ ref('barriers_at_start') }}

),

-- Assessed is whom the partner says it assessed, and whoever has a barrier recorded at start.
assessed as (

    select
        starts.programme_id,
        starts.person_no,
        starts.area_code,
        starts.start_date,
        coalesce(at_start.barriers, 0) as barriers

    from {{ ref('starts') }} as starts
    left join at_start
        on starts.programme_id = at_start.programme_id and starts.person_no = at_start.person_no
    where starts.is_counted_start and (starts.is_barriers_assessed or at_start.person_no is not null)

),

windows as (

    select * from {{ ref('area_windows') }}
    where period_type <> 'quarter'

),

people as (

    select
        windows.programme_id,
        windows.area_code,
        count(distinct assessed.person_no) as people_assessed,
        count(distinct case when assessed.barriers >= 3 then assessed.person_no end) as people_with_three,
        windows.period_start,
        windows.period_end

    from assessed
    inner join windows
        on
            assessed.programme_id = windows.part_programme_id
            and windows.member_area_code in ('all', assessed.area_code)
            and assessed.start_date between windows.period_start and windows.period_end
    group by windows.programme_id, windows.area_code, windows.period_start, windows.period_end

)

select
    {{ metric_row(
        "'M18'",
        programme_id='people.programme_id',
        numerator='people_with_three',
        denominator='people_assessed',
        contributors='people_with_three',
        caveat='absence_caveat',
    ) }}

from people
left join {{ ref('region_absences') }} as absences
    on people.programme_id = absences.programme_id and absences.entity = 'barriers'
