-- Names of the stages that have rows, of some tasks.
-- @params task_ids low high
SELECT task_id, stage
FROM task_stages
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
