-- The event that a command with this request id caused in a task.
-- @params task_id request_id
SELECT kind
FROM task_events
WHERE task_id = :task_id::uuid AND request_id = :request_id::text
LIMIT 1
