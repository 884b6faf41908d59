-- Store log lines of an attempt that is in history; lines that are stored already stay. Returns whether the attempt is.
-- @params task_id attempt_id sequences times levels stages loggers messages
WITH attempt AS (
    SELECT history_id
    FROM task_execution_history
    WHERE history_id = :attempt_id::uuid
        AND task_id = :task_id::uuid
        AND start_time IS NOT NULL
), kept AS (
    INSERT INTO task_logs (task_id, attempt_id, sequence, time, level, stage, logger, message)
    SELECT :task_id, :attempt_id, w.sequence, w.time, w.level, w.stage, w.logger, w.message
    FROM unnest(
        :sequences::bigint[], :times::timestamptz[], :levels::smallint[], :stages::text[], :loggers::text[],
        :messages::text[]
    ) AS w (sequence, time, level, stage, logger, message)
    WHERE EXISTS (SELECT 1 FROM attempt)
    ORDER BY w.sequence
    ON CONFLICT (task_id, attempt_id, sequence) DO NOTHING
)
SELECT count(*) > 0 AS is_known
FROM attempt
