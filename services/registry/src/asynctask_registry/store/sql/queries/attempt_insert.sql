-- Note attempts that begin now.
-- @params attempt_ids task_ids epochs runs executor_ids
INSERT INTO task_execution_history (history_id, task_id, start_time, lease_epoch, run, executor_id)
SELECT w.attempt_id, w.task_id, now(), w.lease_epoch, w.run, w.executor_id
FROM unnest(:attempt_ids::uuid[], :task_ids::uuid[], :epochs::bigint[], :runs::integer[], :executor_ids::text[])
    AS w (attempt_id, task_id, lease_epoch, run, executor_id)
