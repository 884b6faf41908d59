-- Start tasks under one attempt each: the only way to start a task that exists. Arrays are sorted by task id, so rows
-- are locked in that order. Tasks that do not fit the guards are not returned; an attempt id that is in history already
-- fails the whole statement (23505), see ledger/start.py.
-- `|| ''` and `coalesce` keep the planner from the partial indexes, which look cheaper than the ids while they are
-- small: it makes its plan once and keeps it.
-- @params task_ids attempt_ids executor_ids low high
WITH started AS (
    UPDATE tasks AS t
    SET task_status = 'running',
        version = t.version + 1,
        change_xid = pg_current_xact_id(),
        waiting_for = NULL,
        ready_at = coalesce(t.ready_at, t.due_at),
        due_at = NULL,
        start_time = coalesce(t.start_time, now()),
        attempt_id = w.attempt_id,
        executor_id = w.executor_id,
        lease_epoch = t.lease_epoch + 1,
        last_event = 0,
        last_chunk = 0,
        attempt_count = t.attempt_count + 1,
        failure = NULL,
        was_pending = CASE WHEN t.task_status || '' = 'pending' THEN true END
    FROM unnest(:task_ids::uuid[], :attempt_ids::uuid[], :executor_ids::text[]) AS w (task_id, attempt_id, executor_id)
    WHERE t.task_id = w.task_id
        AND t.task_id = ANY (:task_ids)
        AND t.task_id BETWEEN :low AND :high
        AND coalesce(t.deleted_at, 'infinity') = 'infinity'
        AND (t.task_status || '' = 'queued' OR (t.task_status || '' = 'pending' AND t.due_at <= now()))
    RETURNING
        t.task_id, t.attempt_id, t.executor_id, t.task_type, t.queue, t.priority, t.version, t.ready_at, t.lease_epoch,
        t.run, t.stage, t.error_count, t.undelivered_count, t.task_config, t.start_time, t.was_pending
), noted AS (
    INSERT INTO task_execution_history (history_id, task_id, start_time, lease_epoch, run, executor_id)
    SELECT attempt_id, task_id, now(), lease_epoch, run, executor_id
    FROM started
), moved AS (
    -- Only the first start of a run ends a wait whose begin is known.
    INSERT INTO task_moves (task_type, former_status, task_status, event, bucket, tasks)
    SELECT
        task_type, CASE WHEN was_pending THEN 'pending' ELSE 'queued' END, 'running', 'started',
        CASE WHEN start_time = now() THEN duration_bucket(now() - ready_at) END, count(*)
    FROM started
    GROUP BY 1, 2, 5
)
SELECT
    task_id, attempt_id, executor_id, task_type, queue, priority, version, ready_at, lease_epoch, run, stage, error_count,
    undelivered_count, task_config
FROM started
