-- Delete the stages of tasks that start again from their first stage.
-- @params task_ids low high
DELETE FROM task_stages
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
