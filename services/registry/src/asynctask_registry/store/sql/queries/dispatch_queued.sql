-- Queued tasks of one priority in the order in which they became ready.
-- @params priority after_ready after_id page_size
SELECT
    {facts}
FROM tasks
WHERE task_status = 'queued'
    AND priority = :priority::smallint
    AND (ready_at, task_id) > (:after_ready::timestamptz, :after_id::uuid)
ORDER BY ready_at, task_id
LIMIT :page_size::integer
