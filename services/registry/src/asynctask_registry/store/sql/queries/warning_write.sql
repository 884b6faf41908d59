-- Replace the warnings of stages. The same transaction has locked the tasks. A stage without a row gets its position
-- with its first event that writes more than warnings.
-- @params task_ids stages warnings
INSERT INTO task_stages AS s (task_id, stage, stage_status, position, warnings)
SELECT w.task_id, w.stage, 'running', 0, w.warnings
FROM unnest(:task_ids::uuid[], :stages::text[], :warnings::text[]) AS w (task_id, stage, warnings)
ON CONFLICT (task_id, stage) DO UPDATE
SET warnings = excluded.warnings
