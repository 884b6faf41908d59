-- Those of these attempts that are in history.
-- @params attempt_ids low high
SELECT history_id, end_time IS NOT NULL AS is_ended
FROM task_execution_history
WHERE history_id = ANY (:attempt_ids::uuid[])
    AND history_id BETWEEN :low AND :high
