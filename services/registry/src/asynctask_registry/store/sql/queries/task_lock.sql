-- Lock tasks in the order of their ids and read their facts for the life cycle.
-- @params task_ids low high
SELECT
    {facts}
FROM tasks
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
ORDER BY task_id
FOR UPDATE
