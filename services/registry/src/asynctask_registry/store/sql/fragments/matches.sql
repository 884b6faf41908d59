-- Whether a task meets the conditions of a list, in `ledger/listing.py`. NULL leaves a condition out.
deleted_at IS NULL
    AND (:task_types::text[] IS NULL OR task_type = ANY (:task_types))
    AND (:states::text[] IS NULL OR task_status = ANY (:states))
    AND (:queue::text IS NULL OR queue = :queue)
    AND (:has_warnings::boolean IS NULL OR (coalesce(warning_counts, '{}') <> '{}') = :has_warnings)
    AND (:labels::text IS NULL OR labels @> :labels::jsonb)
    AND (:label::text IS NULL OR EXISTS (
        SELECT FROM jsonb_each_text(labels) AS l WHERE lower((l.key || '=' || l.value) COLLATE "C") = :label
    ))
    AND (
        :named_id::uuid IS NULL
        OR task_id = :named_id
        OR EXISTS (SELECT FROM jsonb_each_text(labels) AS l WHERE lower(l.value COLLATE "C") = :named_value::text)
    )
    AND (
        :text::text IS NULL
        OR strpos(lower(task_type COLLATE "C"), :text) > 0
        OR EXISTS (SELECT FROM jsonb_each_text(labels) AS l WHERE strpos(lower(l.value COLLATE "C"), :text) > 0)
    )
