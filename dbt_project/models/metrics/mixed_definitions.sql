with

jobs as (

    select distinct
        programme_id,
        definition_code

    from {{ ref('jobs') }}
    where definition_code is not null

),

counted_as as (

    select
        levels.level_programme_id as programme_id,
        coalesce(equivalences.counts_as, jobs.definition_code) as definition_code

    from jobs
    inner join {{ ref('programme_levels') }} as levels on jobs.programme_id = levels.programme_id
    left join {{ ref('definition_equivalences') }} as equivalences
        on jobs.definition_code = equivalences.definition_code

)

select
    programme_id,
    concat(
        'Not available: jobs by definitions that nobody has declared the same (',
        {{ listed('definition_code') }}, ').'
    ) as definition_caveat

from counted_as
group by programme_id
having count(distinct definition_code) > 1
