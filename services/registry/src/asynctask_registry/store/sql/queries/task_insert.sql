-- Insert the tasks that do not exist yet and whose ids are of about the present time. Sorted by id: concurrent inserts
-- of the same ids wait for each other instead of deadlocking.
-- Tasks of a deleted type are not inserted; see catalogue/registrar.py for what makes this safe.
-- A start time of 0 microseconds and a delay of 0 milliseconds mean at once; an array that is NULL has no values.
-- Returns what was inserted.
-- @params task_ids submit_mss task_types queues priorities configs labels delays start_times recent_ms
WITH given AS (
    SELECT
        w.*,
        CASE
            WHEN w.delay_ms > 0 THEN now() + w.delay_ms * interval '1 millisecond'
            WHEN w.start_at > now() THEN w.start_at
        END AS due_at
    FROM unnest(
        :task_ids::uuid[], :submit_mss::text::bigint[], :task_types::text[], :queues::text[],
        :priorities::text::smallint[], :configs::text[], :labels::text[], :delays::bigint[], :start_times::timestamptz[]
    ) AS w (task_id, submit_ms, task_type, queue, priority, task_config, labels, delay_ms, start_at)
    WHERE w.submit_ms BETWEEN :recent_ms::bigint * -1 + extract(epoch FROM now()) * 1000
        AND :recent_ms + extract(epoch FROM now()) * 1000
        AND w.task_type <> ALL (ARRAY(
            SELECT name FROM task_types WHERE name = ANY(:task_types) AND deleted_at IS NOT NULL
        ))
), inserted AS (
    INSERT INTO tasks (
        task_id, submit_time, task_type, queue, priority, task_config, labels, task_status, waiting_for, due_at, ready_at
    )
    SELECT
        task_id, to_timestamp(submit_ms / 1000.0), task_type, queue, priority, task_config, labels::jsonb,
        CASE WHEN due_at IS NULL THEN 'queued' ELSE 'pending' END,
        CASE WHEN due_at IS NOT NULL THEN 'start_time' END,
        due_at,
        coalesce(due_at, now())
    FROM given
    ON CONFLICT (task_id) DO NOTHING
    RETURNING task_id, task_type, task_status, ready_at, due_at
), moved AS (
    INSERT INTO task_moves (task_type, task_status, event, tasks)
    SELECT task_type, task_status, 'submitted', count(*)
    FROM inserted
    GROUP BY task_type, task_status
)
SELECT task_id, ready_at, due_at, CASE WHEN due_at IS NOT NULL THEN now() END AS now_us
FROM inserted
