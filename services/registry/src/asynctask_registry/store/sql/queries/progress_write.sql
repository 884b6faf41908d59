-- Store the progress of stages whose attempt is the current one. The rows of their tasks are locked first, in the order
-- of ids, so that an attempt that has just ended changes nothing. A report that arrives after the end of its stage, or
-- is of a stage beyond the `most` that a task may have, changes nothing either.
-- For `|| ''` see task_start.sql.
-- @params task_ids attempt_ids stages dones totals units messages low high most
WITH held AS (
    SELECT w.task_id, w.stage, w.done, w.total, w.unit, w.message
    FROM unnest(
        :task_ids::uuid[], :attempt_ids::uuid[], :stages::text[], :dones::float8[], :totals::float8[],
        :units::text[], :messages::text[]
    ) AS w (task_id, attempt_id, stage, done, total, unit, message)
    JOIN tasks AS t ON t.task_id = w.task_id AND t.attempt_id = w.attempt_id
    WHERE t.task_id = ANY (:task_ids)
        AND t.task_id BETWEEN :low AND :high
        AND t.task_status || '' = 'running'
        AND (
            SELECT count(*) FROM task_stages AS k
            WHERE k.task_id = t.task_id AND k.task_id BETWEEN :low AND :high AND k.stage <> w.stage
        ) < :most::bigint
    ORDER BY t.task_id
    FOR SHARE OF t
)
INSERT INTO task_stages AS s (
    task_id, stage, stage_status, position, progress_done, progress_total, progress_unit, progress_message
)
SELECT task_id, stage, 'running', 0, done, total, unit, message
FROM held
ON CONFLICT (task_id, stage) DO UPDATE
SET progress_done = excluded.progress_done,
    progress_total = excluded.progress_total,
    progress_unit = excluded.progress_unit,
    progress_message = excluded.progress_message
WHERE s.stage_status = 'running'
