-- Read the ids of `most` tasks of some types, newest first.
-- Pairs are compared and sorted by, so that only the index of types can be used; the bare ids choose partitions.
-- @params walked_types low high most
SELECT one.task_id
FROM unnest(:walked_types::text[]) AS w (name)
CROSS JOIN LATERAL (
    SELECT task_id
    FROM tasks
    WHERE (task_type, task_id) >= (w.name, :low::uuid)
        AND (task_type, task_id) < (w.name, :high::uuid)
        AND task_id >= :low
        AND task_id < :high
        AND deleted_at IS NULL
    ORDER BY task_type DESC, task_id DESC
    LIMIT :most::integer
) AS one
ORDER BY one.task_id DESC
LIMIT :most
