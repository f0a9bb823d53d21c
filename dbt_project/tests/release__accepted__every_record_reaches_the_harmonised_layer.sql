-- No record is lost on the way for want of its participant, and no participant for want of its person.
{% for entity in [
    'participants', 'referrals', 'starts', 'outcomes', 'barriers', 'measures', 'sustainments', 'placements',
] %}
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
