with

schemes as (

    select
        dimension,
        code,
        count(distinct scheme_id) as place_based_schemes

    from {{ ref('scheme_codes') }}
    group by dimension, code

    union all

    select
        'all' as dimension,
        'all' as code,
        count(*) as place_based_schemes

    from {{ ref('place_based_schemes') }}

),

national as (

    select
        dimension,
        code,
        programmes as national_programmes

    from {{ ref('national_programmes') }}

)

select
    coalesce(schemes.dimension, national.dimension) as dimension,
    coalesce(schemes.code, national.code) as code,
    cast(schemes.place_based_schemes as bigint) as place_based_schemes,
    cast(national.national_programmes as bigint) as national_programmes

from schemes
full outer join national on schemes.dimension = national.dimension and schemes.code = national.code
order by coalesce(schemes.dimension, national.dimension), coalesce(schemes.code, national.code)
