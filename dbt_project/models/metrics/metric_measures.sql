with

measures as (

    select * from {{ ref('measures') }}

),

-- The first score and the later one of the same person, programme and item; the end before midway.
pairs as (

    select
        first_scores.programme_id,
        first_scores.person_no,
        first_scores.item_code,
        coalesce(end_scores.measured_date, mid_scores.measured_date) as later_date,
        case first_scores.item_code
            -- of being anxious, less is better
            when 'anxious' then first_scores.score - coalesce(end_scores.score, mid_scores.score)
            else coalesce(end_scores.score, mid_scores.score) - first_scores.score
        end as gain

    from measures as first_scores
    left join measures as mid_scores
        on
            first_scores.programme_id = mid_scores.programme_id
            and first_scores.person_no = mid_scores.person_no
            and first_scores.item_code = mid_scores.item_code
            and mid_scores.stage_code = 'mid'
    left join measures as end_scores
        on
            first_scores.programme_id = end_scores.programme_id
            and first_scores.person_no = end_scores.person_no
            and first_scores.item_code = end_scores.item_code
            and end_scores.stage_code = 'end'
    where first_scores.stage_code = 'start'

),

windows as (

    select * from {{ ref('windows') }}
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
