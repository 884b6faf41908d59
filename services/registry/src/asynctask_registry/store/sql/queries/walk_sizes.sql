-- How many rows each walk would read between two ids, counted up to `most`.
-- @params kinds terms walked_states walked_types low high most
SELECT
    ARRAY (
        SELECT (
            SELECT count(*)
            FROM (
                SELECT
                FROM task_terms AS t
                WHERE t.kind = w.kind
                    AND t.term = w.term
                    AND t.task_id >= :low::uuid
                    AND t.task_id < :high::uuid
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
            JOIN tasks AS t ON t.task_status = w.state
            WHERE t.task_status <> 'completed'
                AND t.task_id >= :low
                AND t.task_id < :high
            LIMIT :most
        ) AS counted
    ) AS states,
    (
        SELECT count(*)
        FROM (
            SELECT
            FROM unnest(:walked_types::text[]) AS w (name)
            JOIN tasks AS t ON t.task_type = w.name
            WHERE t.deleted_at IS NULL
                AND t.task_id >= :low
                AND t.task_id < :high
            LIMIT :most
        ) AS counted
    ) AS types
