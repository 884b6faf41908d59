-- The same page as `log_list`, newest first: what is before a line.
-- @params task_id stage min_level text before_attempt before_sequence most wanted
SELECT number, matches, attempt_id, sequence, time, level, stage, logger, message
FROM (
    SELECT
        *,
        row_number() OVER walk AS number,
        lag(sequence) OVER walk IS NULL OR lead(sequence) OVER walk IS NULL AS is_edge,
        (:stage::text IS NULL OR stage = :stage)
            AND level >= :min_level::smallint
            AND (:text::text IS NULL OR strpos(lower(message), lower(:text)) > 0) AS matches
    FROM (
        SELECT attempt_id, sequence, time, level, stage, logger, message
        FROM task_logs
        WHERE task_id = :task_id::uuid
            AND attempt_id <= :before_attempt::uuid
            AND (attempt_id, sequence) < (:before_attempt, :before_sequence::bigint)
        ORDER BY attempt_id DESC, sequence DESC
        LIMIT :most::integer
    ) AS looked
    WINDOW walk AS (ORDER BY attempt_id DESC, sequence DESC)
) AS numbered
WHERE matches OR is_edge
ORDER BY attempt_id DESC, sequence DESC
LIMIT :wanted::integer
