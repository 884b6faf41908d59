-- Keep the progress of stages whose attempt is the current one. The rows of their tasks are locked first, in the order
-- of ids, so that an attempt that has just ended changes nothing any more.
-- @params task_ids attempt_ids stages dones totals units messages low high
WITH reports AS (
    SELECT *
    FROM unnest(
        :task_ids::uuid[], :attempt_ids::uuid[], :stages::text[], :dones::float8[], :totals::float8[],
        :units::text[], :messages::text[]
    ) AS w (task_id, attempt_id, stage, done, total, unit, message)
), held AS (
    SELECT t.task_id, t.attempt_id
    FROM tasks AS t
    WHERE t.task_id = ANY (:task_ids)
        AND t.task_id BETWEEN :low AND :high
        AND t.task_status = 'running'
    ORDER BY t.task_id
    FOR SHARE
)
INSERT INTO task_stages AS s (
    task_id, stage, stage_status, position, progress_done, progress_total, progress_unit, progress_message
)
SELECT r.task_id, r.stage, 'running', 0, r.done, r.total, r.unit, r.message
FROM held AS h
JOIN reports AS r ON r.task_id = h.task_id AND r.attempt_id = h.attempt_id
ON CONFLICT (task_id, stage) DO UPDATE
SET progress_done = excluded.progress_done,
    progress_total = excluded.progress_total,
    progress_unit = excluded.progress_unit,
    progress_message = excluded.progress_message
