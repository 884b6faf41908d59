-- What was done to a task under a request id.
-- @params task_id request_id
SELECT kind
FROM task_events
WHERE task_id = :task_id::uuid AND request_id = :request_id::text
LIMIT 1
