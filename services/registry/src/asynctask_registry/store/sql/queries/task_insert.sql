-- Insert the tasks that do not exist yet and whose time is near Postgres' own. Sorted by id: concurrent inserts of the
-- same ids wait for each other instead of deadlocking.
-- A start time of 0 microseconds and a delay of 0 milliseconds mean at once. Answers what was inserted.
-- @params task_ids submit_times task_types queues priorities configs labels delays start_times recent_ms
WITH given AS (
    SELECT
        w.*,
        CASE
            WHEN w.delay_ms > 0 THEN now() + w.delay_ms * interval '1 millisecond'
            WHEN w.start_at > now() THEN w.start_at
        END AS due_at
    FROM unnest(
        :task_ids::uuid[], :submit_times::timestamptz[], :task_types::text[], :queues::text[], :priorities::smallint[],
        :configs::text[], :labels::text[], :delays::bigint[], :start_times::timestamptz[]
    ) AS w (task_id, submit_time, task_type, queue, priority, task_config, labels, delay_ms, start_at)
    WHERE w.submit_time BETWEEN now() - :recent_ms::bigint * interval '1 millisecond'
        AND now() + :recent_ms * interval '1 millisecond'
)
INSERT INTO tasks (
    task_id, submit_time, task_type, queue, priority, task_config, labels, task_status, waiting_for, due_at, ready_at
)
SELECT
    task_id, submit_time, task_type, queue, priority, task_config, labels::jsonb,
    CASE WHEN due_at IS NULL THEN 'queued' ELSE 'pending' END,
    CASE WHEN due_at IS NOT NULL THEN 'start_time' END,
    due_at,
    coalesce(due_at, now())
FROM given
ON CONFLICT (task_id) DO NOTHING
RETURNING task_id, ready_at, due_at, now() AS now_us
