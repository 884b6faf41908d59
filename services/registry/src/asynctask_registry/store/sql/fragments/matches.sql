-- Whether a task meets the conditions of a list, in `ledger/listing.py`. NULL leaves a condition out.
deleted_at IS NULL
    AND (:task_types::text[] IS NULL OR task_type = ANY (:task_types))
    AND (:states::text[] IS NULL OR task_status = ANY (:states))
    AND (:queue::text IS NULL OR queue = :queue)
    AND (:has_warnings::boolean IS NULL OR (coalesce(warning_counts, '{}') <> '{}') = :has_warnings)
    AND (:labels::text IS NULL OR labels @> :labels::jsonb)
