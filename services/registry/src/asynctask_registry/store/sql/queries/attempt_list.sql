-- The latest attempts of a task that were started, newest first: by their number, since a scheduler makes ids in
-- advance.
-- @params task_id limit
SELECT history_id, lease_epoch, run, executor_id, start_time, end_time, execution_result, failure
FROM task_execution_history
WHERE task_id = :task_id::uuid
    AND start_time IS NOT NULL
ORDER BY lease_epoch DESC
LIMIT :limit::integer
