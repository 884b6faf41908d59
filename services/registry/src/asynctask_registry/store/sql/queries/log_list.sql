-- A page of a task's log lines, oldest first: by attempt, then in the order in which they were written.
-- @params task_id stage min_level after_attempt after_sequence page_size
SELECT attempt_id, sequence, time, level, stage, logger, message
FROM task_logs
WHERE task_id = :task_id::uuid
    AND attempt_id >= :after_attempt::uuid
    AND (attempt_id, sequence) > (:after_attempt, :after_sequence::bigint)
    AND (:stage::text IS NULL OR stage = :stage)
    AND level >= :min_level::smallint
ORDER BY attempt_id, sequence
LIMIT :page_size::integer
