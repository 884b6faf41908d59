-- Read the ids of `most` tasks in some states, newest first; not for completed ones.
-- Pairs are compared and sorted by, so that only the index of states can be used; the bare ids choose partitions.
-- @params walked_states low high most
SELECT one.task_id
FROM unnest(:walked_states::text[]) AS w (state)
CROSS JOIN LATERAL (
    SELECT task_id
    FROM tasks
    WHERE (task_status, task_id) >= (w.state, :low::uuid)
        AND (task_status, task_id) < (w.state, :high::uuid)
        AND task_id >= :low
        AND task_id < :high
        AND task_status <> 'completed'
    ORDER BY task_status DESC, task_id DESC
    LIMIT :most::integer
) AS one
ORDER BY one.task_id DESC
LIMIT :most
