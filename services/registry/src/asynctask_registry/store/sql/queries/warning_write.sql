-- Keep the warnings of stages in place of those that are there. The tasks are locked by the same transaction. A stage of
-- which nothing else is kept gets its position with the first event that says more of it.
-- @params task_ids stages warnings
INSERT INTO task_stages AS s (task_id, stage, stage_status, position, warnings)
SELECT w.task_id, w.stage, 'running', 0, w.warnings
FROM unnest(:task_ids::uuid[], :stages::text[], :warnings::text[]) AS w (task_id, stage, warnings)
ON CONFLICT (task_id, stage) DO UPDATE
SET warnings = excluded.warnings
