with

assessed as (

    select
        programme_id,
        person_no,
        start_date

    from {{ ref('starts') }}
    where is_first_spell and is_barriers_assessed

),

at_start as (

    select * from {{ ref('barriers_at_start') }}

),

windows as (

    select * from {{ ref('windows') }}
    where period_type <> 'quarter'

),

people as (

    select
        windows.programme_id,
        windows.area_code,
        count(distinct assessed.person_no) as people_assessed,
        count(distinct case when at_start.barriers >= 3 then assessed.person_no end) as people_with_three,
        windows.period_start,
        windows.period_end

    from assessed
    inner join windows
        on
            assessed.programme_id = windows.part_programme_id
            and assessed.start_date between windows.period_start and windows.period_end
    left join at_start
        on assessed.programme_id = at_start.programme_id and assessed.person_no = at_start.person_no
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
