-- The task that waits for a start for the longest time: a queued one, or a pending one that is due.
-- One look into each index: at the first queued task of each priority, and at the first due one.
-- @params
WITH waiting AS (
    SELECT q.task_id, q.task_type, q.ready_at AS since
    FROM generate_series(1, 5) AS p (priority)
    CROSS JOIN LATERAL (
        SELECT task_id, task_type, ready_at
        FROM tasks
        WHERE task_status = 'queued'
            AND priority = p.priority
        ORDER BY ready_at, task_id
        LIMIT 1
    ) AS q
    UNION ALL
    (
        SELECT task_id, task_type, due_at
        FROM tasks
        WHERE task_status = 'pending'
            AND due_at <= now()
        ORDER BY due_at, task_id
        LIMIT 1
    )
)
SELECT task_id, task_type, since
FROM waiting
ORDER BY since
LIMIT 1
