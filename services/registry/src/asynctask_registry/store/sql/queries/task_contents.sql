-- What a repeated create is compared with.
-- @params task_ids low high
SELECT
    {facts},
    task_config
FROM tasks
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
