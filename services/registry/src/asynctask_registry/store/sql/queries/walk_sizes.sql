-- How many rows each walk would read between two ids, counted up to `most`.
-- Rows are compared and sorted by as in the walks, so that only their indexes can be used.
-- @params kinds terms walked_states walked_types low high most
SELECT
    ARRAY (
        SELECT (
            SELECT count(*)
            FROM (
                SELECT
                FROM task_terms AS t
                WHERE (t.kind, t.term, t.task_id) >= (w.kind, w.term, :low::uuid)
                    AND (t.kind, t.term, t.task_id) < (w.kind, w.term, :high::uuid)
                    AND t.task_id >= :low
                    AND t.task_id < :high
                ORDER BY t.kind DESC, t.term DESC, t.task_id DESC
                LIMIT :most::integer
            ) AS counted
        )
        FROM unnest(:kinds::text[], :terms::text[]) WITH ORDINALITY AS w (kind, term, number)
        ORDER BY w.number
    ) AS terms,
    (
        SELECT count(*)
        FROM (
            SELECT
            FROM unnest(:walked_states::text[]) AS w (state)
            CROSS JOIN LATERAL (
                SELECT
                FROM tasks
                WHERE (task_status, task_id) >= (w.state, :low)
                    AND (task_status, task_id) < (w.state, :high)
                    AND task_id >= :low
                    AND task_id < :high
                    AND task_status <> 'completed'
                ORDER BY task_status DESC, task_id DESC
                LIMIT :most
            ) AS one
            LIMIT :most
        ) AS counted
    ) AS states,
    (
        SELECT count(*)
        FROM (
            SELECT
            FROM unnest(:walked_types::text[]) AS w (name)
            CROSS JOIN LATERAL (
                SELECT
                FROM tasks
                WHERE (task_type, task_id) >= (w.name, :low)
                    AND (task_type, task_id) < (w.name, :high)
                    AND task_id >= :low
                    AND task_id < :high
                    AND deleted_at IS NULL
                ORDER BY task_type DESC, task_id DESC
                LIMIT :most
            ) AS one
            LIMIT :most
        ) AS counted
    ) AS types
