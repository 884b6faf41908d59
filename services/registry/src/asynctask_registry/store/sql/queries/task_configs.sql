-- Configs of tasks that start, or that exist already.
-- @params task_ids low high
SELECT task_id, task_config
FROM tasks
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
