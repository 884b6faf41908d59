-- Some tasks as people see them.
-- @params task_ids low high full deleted
SELECT
    {task}
FROM tasks
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
    AND (:deleted::boolean OR deleted_at IS NULL)
