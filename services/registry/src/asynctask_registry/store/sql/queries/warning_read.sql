-- The warnings of some tasks, by stage.
-- @params task_ids low high
SELECT task_id, stage, warnings
FROM task_stages
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
    AND warnings IS NOT NULL
ORDER BY task_id, position, stage
