-- The facts of some tasks for the life cycle, without locks.
-- @params task_ids low high
SELECT
    {facts}
FROM tasks
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
