-- Note attempts that were never started as ended, so that a later start of them is refused. Attempts that are in
-- history already stay as they are.
-- @params attempt_ids task_ids runs executor_ids results
INSERT INTO task_execution_history (history_id, task_id, end_time, lease_epoch, run, executor_id, execution_result)
SELECT w.attempt_id, w.task_id, now(), 0, w.run, w.executor_id, w.result
FROM unnest(:attempt_ids::uuid[], :task_ids::uuid[], :runs::integer[], :executor_ids::text[], :results::text[])
    AS w (attempt_id, task_id, run, executor_id, result)
ON CONFLICT (history_id) DO NOTHING
