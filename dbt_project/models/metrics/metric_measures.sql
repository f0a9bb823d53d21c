with

scores as (

    select
        programme_id,
        person_no,
        item_code,
        max(case when stage_code = 'start' then score end) as start_score,
        max(case when stage_code = 'mid' then score end) as mid_score,
        max(case when stage_code = 'end' then score end) as end_score,
        max(case when stage_code = 'mid' then measured_date end) as mid_date,
        max(case when stage_code = 'end' then measured_date end) as end_date,
        max(case when stage_code = 'mid' then area_code end) as mid_area_code,
        max(case when stage_code = 'end' then area_code end) as end_area_code

    from {{ ref('measures') }}
    group by programme_id, person_no, item_code

),

-- The first score and the later one of the same person, programme and item; the end before midway.
pairs as (

    select
        programme_id,
        person_no,
        item_code,
        coalesce(end_date, mid_date) as later_date,
        coalesce(end_area_code, mid_area_code) as area_code,
        case item_code
            -- of being anxious, less is better
            when 'anxious' then start_score - coalesce(end_score, mid_score)
            else coalesce(end_score, mid_score) - start_score
        end as gain

    from scores

),

windows as (

    select * from {{ ref('area_windows') }}
    where period_type <> 'quarter'

),

people as (

    select
        windows.programme_id,
        windows.area_code,
        pairs.item_code,
        count(distinct pairs.person_no) as people_paired,
        count(distinct case when pairs.gain > 0 then pairs.person_no end) as people_improved,
        windows.period_start,
        windows.period_end

    from pairs
    inner join windows
        on
            pairs.programme_id = windows.part_programme_id
            and windows.member_area_code in ('all', pairs.area_code)
            and pairs.later_date between windows.period_start and windows.period_end
    where pairs.gain is not null
    group by windows.programme_id, windows.area_code, pairs.item_code, windows.period_start, windows.period_end

)

select
    {{ metric_row(
        "'M21'",
        programme_id='people.programme_id',
        breakdown_type="'measure_item'",
        breakdown_value='item_code',
        numerator='people_improved',
        denominator='people_paired',
        contributors='people_improved',
        caveat='absence_caveat',
    ) }}

from people
left join {{ ref('region_absences') }} as absences
    on people.programme_id = absences.programme_id and absences.entity = 'measures'
