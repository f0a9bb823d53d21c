with

placements as (

    select * from {{ ref('placements') }}

),

windows as (

    select * from {{ ref('area_windows') }}
    where period_type <> 'quarter'

),

reporting as (

    select distinct programme_id
    from placements

),

-- No placement is a nought where the programme's returns tell of placements, and silence where they never do.
counted as (

    select
        windows.programme_id,
        windows.area_code,
        windows.has_missing_returns,
        windows.period_start,
        windows.period_end,
        count(case when placements.start_date >= windows.period_start then 1 end) as placements,
        count(distinct case when placements.start_date >= windows.period_start then placements.employer_key end)
            as employers,
        count(case when placements.end_date between windows.period_start and windows.period_end then 1 end) as ended,
        count(
            case
                when placements.is_permanent and placements.end_date between windows.period_start and windows.period_end
                    then 1
            end
        ) as made_permanent

    from windows
    inner join reporting on windows.part_programme_id = reporting.programme_id
    left join placements
        on
            windows.part_programme_id = placements.programme_id
            and windows.member_area_code in ('all', placements.area_code)
            and windows.period_end >= placements.start_date
    group by
        windows.programme_id,
        windows.area_code,
        windows.has_missing_returns,
        windows.period_start,
        windows.period_end

),

-- Where a programme of the region reports no placements, or a return is missing, there are at least those known.
known as (

    select
        counted.*,
        absences.programme_id is null and not counted.has_missing_returns as is_whole,
        absences.absence_caveat

    from counted
    left join {{ ref('region_absences') }} as absences
        on counted.programme_id = absences.programme_id and absences.entity = 'placements'

)

{% for measure, unit in [('placements', 'null'), ('employers', "'employers'")] -%}
    select
        {{ metric_row("'M24'",
            breakdown_type="'measure'" if measure == 'employers' else "'all'",
            breakdown_value="'employers'" if measure == 'employers' else "'all'",
            numerator='case when is_whole then ' ~ measure ~ ' end',
            bound_lower='case when not is_whole then ' ~ measure ~ ' end',
            contributors='employers', unit=unit, caveat='absence_caveat') }}
    from known

    union all

{% endfor -%}
select
    {{ metric_row("'M24'", breakdown_type="'measure'", breakdown_value="'permanent_share'",
        numerator='case when is_whole then made_permanent end', denominator='case when is_whole then ended end',
        contributors='employers', unit="'rate'", caveat='absence_caveat') }}
from known
where ended > 0
