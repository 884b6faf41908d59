-- The command that a task was given under a request id. A task has no events before it was made.
-- @params task_id request_id since_ms
SELECT kind, detail
FROM task_events
WHERE task_id = :task_id::uuid
    AND request_id = :request_id::text
    AND time >= to_timestamp(:since_ms::bigint / 1000.0)
LIMIT 1
