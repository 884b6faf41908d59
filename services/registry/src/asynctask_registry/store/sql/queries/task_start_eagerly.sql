-- Insert tasks that do not exist yet as running under their first attempt: the result of task_insert and task_start, in
-- one commit. The conditions are those of task_insert; an attempt id that is in history already fails the whole
-- statement (23505), as in task_start. Returns what began.
-- @params task_ids submit_mss task_types queues priorities configs labels attempt_ids executor_ids recent_ms
WITH begun AS (
    INSERT INTO tasks (
        task_id, submit_time, task_type, queue, priority, task_config, labels, task_status, version, ready_at, start_time,
        attempt_id, executor_id, lease_epoch, attempt_count
    )
    SELECT
        w.task_id, to_timestamp(w.submit_ms / 1000.0), w.task_type, w.queue, w.priority, w.task_config, w.labels::jsonb,
        'running', 2, now(), now(), w.attempt_id, w.executor_id, 1, 1
    FROM unnest(
        :task_ids::uuid[], :submit_mss::text::bigint[], :task_types::text[], :queues::text[],
        :priorities::text::smallint[], :configs::text[], :labels::text[], :attempt_ids::uuid[], :executor_ids::text[]
    ) AS w (task_id, submit_ms, task_type, queue, priority, task_config, labels, attempt_id, executor_id)
    WHERE w.submit_ms BETWEEN :recent_ms::bigint * -1 + extract(epoch FROM now()) * 1000
        AND :recent_ms + extract(epoch FROM now()) * 1000
        AND w.task_type <> ALL (ARRAY(
            SELECT name FROM task_types WHERE name = ANY(:task_types) AND deleted_at IS NOT NULL
        ))
    ON CONFLICT (task_id) DO NOTHING
    RETURNING
        task_id, attempt_id, executor_id, task_type, queue, priority, version, ready_at, lease_epoch, run, stage,
        error_count, undelivered_count, task_config
), noted AS (
    INSERT INTO task_execution_history (history_id, task_id, start_time, lease_epoch, run, executor_id)
    SELECT attempt_id, task_id, now(), lease_epoch, run, executor_id
    FROM begun
), moved AS (
    INSERT INTO task_moves (task_type, former_status, task_status, event, bucket, tasks)
    SELECT b.task_type, m.former_status, m.task_status, m.event, m.bucket, count(*)
    FROM begun AS b
    CROSS JOIN (
        VALUES (NULL, 'queued', 'submitted', NULL), ('queued', 'running', 'started', 0::smallint)
    ) AS m (former_status, task_status, event, bucket)
    GROUP BY 1, 2, 3, 4, 5
)
SELECT *
FROM begun
