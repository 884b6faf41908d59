-- Drop what was kept of the stages of tasks that begin anew.
-- @params task_ids low high
DELETE FROM task_stages
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
