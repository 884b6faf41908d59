-- Delete counts of nothing: of types that have no tasks any more.
-- @params limit
DELETE FROM task_counts
WHERE tasks = 0
    AND (task_type, task_status) IN (
        SELECT task_type, task_status
        FROM task_counts
        WHERE tasks = 0
        LIMIT :limit::integer
        FOR UPDATE SKIP LOCKED
    )
RETURNING task_type
