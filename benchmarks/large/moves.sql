-- What counts and curves must hear of tasks that were written by COPY: that they are there, and when each was submitted,
-- was started and ended. Runs in the transaction that wrote them.
-- Parameter: their ids.
WITH written AS (
    SELECT task_type, task_status, submit_time, ready_at, start_time, end_time
    FROM tasks
    WHERE task_id = ANY ($1::uuid[])
), told AS (
    SELECT
        date_trunc('minute', e.at) AS moved_at, w.task_type, e.task_status, e.event, e.bucket, count(*) AS tasks
    FROM written AS w
    CROSS JOIN LATERAL (VALUES
        (w.submit_time, NULL, 'submitted', NULL::smallint),
        (w.start_time, NULL, 'started', duration_bucket(w.start_time - w.ready_at)),
        (
            w.end_time, w.task_status, CASE WHEN w.task_status <> 'cancelled' THEN w.task_status END,
            CASE WHEN w.task_status = 'completed' THEN duration_bucket(w.end_time - w.start_time) END
        )
    ) AS e (at, task_status, event, bucket)
    WHERE e.at IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
)
INSERT INTO task_moves (moved_at, task_type, task_status, event, bucket, tasks)
SELECT moved_at, task_type, task_status, event, bucket, tasks
FROM told
