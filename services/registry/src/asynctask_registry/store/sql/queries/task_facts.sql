-- What the life cycle needs to know of some tasks, without locking them.
-- @params task_ids low high
SELECT
    {facts}
FROM tasks
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
