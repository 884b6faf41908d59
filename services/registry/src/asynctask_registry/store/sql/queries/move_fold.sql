-- Fold moves into counts and series, one batch. One registry at a time does so; for the others this does nothing.
-- Returns how many moves were folded.
-- @params lock limit
WITH taken AS (
    DELETE FROM task_moves
    WHERE (SELECT pg_try_advisory_xact_lock(:lock::bigint))
        AND ctid = ANY (ARRAY(SELECT ctid FROM task_moves LIMIT :limit::integer))
    RETURNING moved_at, task_type, former_status, task_status, event, bucket, tasks
), counted AS (
    INSERT INTO task_counts AS c (task_type, task_status, tasks)
    SELECT t.task_type, s.task_status, sum(s.sign * t.tasks)
    FROM taken AS t
    CROSS JOIN LATERAL (VALUES (t.task_status, 1), (t.former_status, -1)) AS s (task_status, sign)
    WHERE s.task_status IS NOT NULL
    GROUP BY t.task_type, s.task_status
    ON CONFLICT (task_type, task_status) DO UPDATE SET tasks = c.tasks + excluded.tasks
), drawn AS (
    INSERT INTO task_series AS s (task_type, step_s, start_time, event, bucket, tasks)
    SELECT
        k.task_type, p.step_s, date_bin(p.step_s * interval '1 second', t.moved_at, 'epoch'), t.event,
        coalesce(t.bucket, -1), sum(t.tasks)
    FROM taken AS t
    CROSS JOIN LATERAL (VALUES (t.task_type), ('')) AS k (task_type)
    CROSS JOIN (VALUES (60), (3600)) AS p (step_s)
    WHERE t.event IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (task_type, step_s, start_time, event, bucket) DO UPDATE SET tasks = s.tasks + excluded.tasks
)
SELECT count(*) AS moves
FROM taken
