-- What the terms of the tasks between two ids are made from; plain tasks are left out.
-- @params low high
SELECT
    task_id, task_type, queue, labels::text AS labels,
    CASE WHEN task_status = 'failed' THEN failure END AS failure
FROM tasks
WHERE task_id >= :low::uuid
    AND task_id < :high::uuid
    AND (labels IS NOT NULL OR queue <> 'default' OR task_status = 'failed')
