-- What is kept of the stages of some tasks.
-- @params task_ids low high full
SELECT
    task_id, stage, stage_status, end_time, position, progress_done, progress_total, progress_unit, progress_message,
    CASE WHEN :full::boolean THEN checkpoint_json END AS checkpoint_json,
    CASE WHEN :full THEN result END AS result
FROM task_stages
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
ORDER BY task_id, position
