-- Budget and spending lines add to the total that the same table states.
with lines as (
    select
        submission_id,
        source_sheet,
        round(sum(budget_gbp), 2) as budget_gbp,
        round(sum(actual_gbp), 2) as actual_gbp
    from spend
    group by submission_id, source_sheet
    having not bool_or(stops)
),

differing as (
    select
        lines.submission_id,
        lines.source_sheet,
        case stated_totals.column_name when 'budget_gbp' then 'Budget' else 'Spending' end as what,
        case stated_totals.column_name when 'budget_gbp' then lines.budget_gbp else lines.actual_gbp end as added,
        stated_totals.stated
    from lines
    inner join stated_totals
        on lines.submission_id = stated_totals.submission_id and lines.source_sheet = stated_totals.source_sheet
)

select
    spend.submission_id,
    spend.source_sheet,
    spend.source_row,
    spend.record_no,
    'spend' as entity,
    differing.what,
    format('{:,.2f}', cast(differing.added as double)) as a,
    format('{:,.2f}', cast(differing.stated as double)) as b
from spend
inner join differing
    on spend.submission_id = differing.submission_id and spend.source_sheet = differing.source_sheet
where round(differing.added, 2) <> round(differing.stated, 2)
