-- The errors of some failed tasks.
-- @params task_ids low high
SELECT task_id, task_type, failure
FROM tasks
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
    AND task_status || '' = 'failed'
