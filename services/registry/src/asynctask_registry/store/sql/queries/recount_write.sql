-- Compare the counts of one type with what a recount found, in the snapshot that it was found in, and correct them.
-- The correction is a move like any other, so changes since that snapshot stay counted. Of two registries
-- that recount one type, the second fails with 40001 at `task_recounts`.
-- Returns what was wrong: by how many tasks each count was too small.
-- @params task_type statuses tasks due_in_ms
WITH found AS (
    SELECT f.task_status, f.tasks
    FROM unnest(:statuses::text[], :tasks::text::bigint[]) AS f (task_status, tasks)
), kept AS (
    SELECT task_status, sum(tasks)::bigint AS tasks
    FROM (
        {counted}
    ) AS counted
    WHERE task_type = :task_type::text
    GROUP BY task_status
), drift AS (
    SELECT task_status, (coalesce(f.tasks, 0) - coalesce(k.tasks, 0))::bigint AS tasks
    FROM found AS f
    FULL JOIN kept AS k USING (task_status)
    WHERE coalesce(f.tasks, 0) <> coalesce(k.tasks, 0)
), mended AS (
    INSERT INTO task_moves (task_type, task_status, tasks)
    SELECT :task_type, task_status, tasks
    FROM drift
), noted AS (
    INSERT INTO task_recounts (task_type, due_at, is_counted)
    VALUES (:task_type, now() + :due_in_ms::bigint * interval '1 millisecond', true)
    ON CONFLICT (task_type) DO UPDATE SET due_at = excluded.due_at, is_counted = true
)
SELECT task_status, tasks
FROM drift
