-- Every coded scheme stands in the register, and every scheme has a cohort, one style and one end.
select
    schemes.scheme_id,
    count(distinct case when codes.dimension = 'cohort' then codes.code end) as cohorts,
    count(distinct case when codes.dimension = 'style' then codes.code end) as styles,
    count(distinct case when codes.dimension = 'end' then codes.code end) as ends

from {{ ref('place_based_schemes') }} as schemes
full outer join {{ ref('scheme_codes') }} as codes on schemes.scheme_id = codes.scheme_id
group by schemes.scheme_id
having
    schemes.scheme_id is null
    or count(distinct case when codes.dimension = 'cohort' then codes.code end) = 0
    or count(distinct case when codes.dimension = 'style' then codes.code end) <> 1
    or count(distinct case when codes.dimension = 'end' then codes.code end) <> 1
