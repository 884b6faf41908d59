-- Checkpoint and progress of the current stages of tasks that go on.
-- @params task_ids stages low high
SELECT
    s.task_id, s.checkpoint_json, s.checkpoint_raw, s.progress_done, s.progress_total, s.progress_unit,
    s.progress_message
FROM unnest(:task_ids::uuid[], :stages::text[]) AS w (task_id, stage)
JOIN task_stages AS s ON s.task_id = w.task_id AND s.stage = w.stage
WHERE s.task_id = ANY (:task_ids)
    AND s.task_id BETWEEN :low AND :high
