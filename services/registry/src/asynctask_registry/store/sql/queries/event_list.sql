-- The latest events of a task, newest first.
-- @params task_id limit
SELECT time, version, kind, detail, actor
FROM task_events
WHERE task_id = :task_id::uuid AND kind <> 'unchanged'
ORDER BY version DESC, time DESC
LIMIT :limit::integer
