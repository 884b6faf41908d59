-- The facts of a task for the life cycle, in `ledger/facts.py`.
task_id, task_status, version, queue, task_type, priority, waiting_for, requested, ready_at, due_at, attempt_id,
executor_id, lease_epoch, last_event, last_chunk, run, attempt_count, error_count, lost_count, undelivered_count,
release_count, stage, deleted_at IS NOT NULL AS is_deleted, delete_requested, warning_counts IS NOT NULL AS may_have_warnings,
coalesce(postpone_count, 0) AS postpone_count, now() AS now_us
