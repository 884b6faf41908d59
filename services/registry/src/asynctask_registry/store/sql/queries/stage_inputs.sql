-- The inputs of tasks past their first stage: the return values of the stages that finished last.
-- @params task_ids stages low high
SELECT DISTINCT ON (s.task_id) s.task_id, s.result
FROM unnest(:task_ids::uuid[], :stages::text[]) AS w (task_id, stage)
JOIN task_stages AS s ON s.task_id = w.task_id AND s.stage <> w.stage
WHERE s.task_id = ANY (:task_ids)
    AND s.task_id BETWEEN :low AND :high
    AND s.stage_status = 'completed'
ORDER BY s.task_id, s.end_time DESC, s.position DESC
