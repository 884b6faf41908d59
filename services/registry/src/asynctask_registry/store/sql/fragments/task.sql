-- What people see of a task, in `ledger/reads.py`; payloads only with `full`.
task_id, submit_time, version, change_xid, due_at, start_time, end_time, deleted_at IS NOT NULL AS is_deleted, lease_epoch,
attempt_count, error_count, lost_count, release_count, run, priority, task_status, task_type, queue, stage, executor_id,
waiting_for, requested,
CASE WHEN requested IS NOT NULL THEN (
    SELECT max(e.time) FROM task_events AS e
    WHERE e.task_id = tasks.task_id AND e.kind = tasks.requested || '_requested'
) END AS requested_time,
failure, command_reason, labels::text AS labels, warning_counts,
CASE WHEN :full::boolean THEN task_config END AS task_config,
CASE WHEN :full THEN result END AS result
