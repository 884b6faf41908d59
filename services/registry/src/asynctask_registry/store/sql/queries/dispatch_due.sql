-- Pending tasks that are due within some time, in the order of their due times.
-- @params within_ms after_due after_id page_size
SELECT
    {facts}
FROM tasks
WHERE task_status = 'pending'
    AND due_at IS NOT NULL
    AND due_at <= now() + :within_ms::bigint * interval '1 millisecond'
    AND (due_at, task_id) > (:after_due::timestamptz, :after_id::uuid)
ORDER BY due_at, task_id
LIMIT :page_size::integer
