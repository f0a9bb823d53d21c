-- No referral, start, outcome or barrier is lost on the way for want of its participant.
{% for entity in ['referrals', 'starts', 'outcomes', 'barriers', 'measures', 'sustainments', 'placements'] %}
    select
        '{{ entity }}' as entity,
        count(*) as orphans

    from {{ ref('stg_returns__' ~ entity) }} as records
    left join {{ ref('participants') }} as participants
        on records.record_key = participants.record_key and records.programme_id = participants.programme_id
    where participants.record_key is null
    having count(*) > 0
    {% if not loop.last %}union all{% endif %}
{% endfor %}
