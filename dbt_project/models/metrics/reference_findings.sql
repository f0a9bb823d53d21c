with

inactive as (

    select
        area_code,
        'inactive people by reason' as subject,
        sum(case when inactivity_reason_code = 'all' then people end) as stated,
        sum(case when inactivity_reason_code <> 'all' then people end) as computed,
        min(source) as source,
        true as is_breakdown

    from {{ ref('inactive_population') }}
    group by area_code

),

national as (

    select
        'E92000001' as area_code,
        concat('national programmes by ', dimension) as subject,
        (
            select parts.programmes from {{ ref('national_programmes') }} as parts
            where parts.dimension = 'all'
        ) as stated,
        sum(programmes) as computed,
        min(source) as source,
        true as is_breakdown

    from {{ ref('national_programmes') }}
    -- lead bodies are three of seventeen and claim no total
    where dimension in ('cohort', 'style') and parent_code is null
    group by dimension

),

-- Printed shares of one figure make a hundred.
shares as (

    select
        'E92000001' as area_code,
        concat('printed shares of national programmes by ', dimension) as subject,
        100 as stated,
        sum(share_percent) as computed,
        min(source) as source,
        true as is_breakdown

    from {{ ref('national_programmes') }}
    where dimension in ('cohort', 'style') and parent_code is null
    group by dimension

),

compared as (

    select * from inactive
    union all
    select * from national
    union all
    select * from shares
    union all
    select
        area_code,
        subject,
        stated,
        counted as computed,
        source,
        false as is_breakdown
    from {{ ref('source_statements') }}

)

select
    'X07' as rule_id,
    area_code,
    subject,
    cast(stated as bigint) as stated,
    cast(computed as bigint) as computed,
    cast(stated - computed as bigint) as difference,
    case
        when is_breakdown
            then concat(
                'The breakdown of ', subject, ' adds to ', cast(computed as string), ' but the total says ',
                cast(stated as string), ' (', source, ').'
            )
        else concat(
            'Of ', subject, ' the source says ', cast(stated as string), '; counted there are ',
            cast(computed as string), ' (', source, ').'
        )
    end as message

from compared
where stated <> computed
order by area_code, subject
