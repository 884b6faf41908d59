-- The same page as `log_list`, newest first: what is before a line.
-- @params task_id stage min_level text before_attempt before_sequence most page_bytes wanted
SELECT number, matches, is_followed, attempt_id, sequence, time, level, stage, logger, message
FROM (
    SELECT
        *,
        number = 1 OR lead(sequence) OVER walk IS NULL AS is_edge,
        (:stage::text IS NULL OR stage = :stage)
            AND level >= :min_level::smallint
            AND (:text::text IS NULL OR strpos(lower(message), lower(:text)) > 0) AS matches
    FROM (
        SELECT
            *,
            row_number() OVER walk AS number,
            lead(sequence) OVER walk IS NOT NULL AS is_followed,
            sum(nbytes) OVER walk - nbytes AS bytes_before
        FROM (
            SELECT
                attempt_id, sequence, time, level, stage, logger, message,
                octet_length(message) + octet_length(logger) + octet_length(stage) AS nbytes
            FROM task_logs
            WHERE task_id = :task_id::uuid
                AND attempt_id <= :before_attempt::uuid
                AND (attempt_id, sequence) < (:before_attempt, :before_sequence::bigint)
            ORDER BY attempt_id DESC, sequence DESC
            LIMIT :most::integer + 1
        ) AS found
        WINDOW walk AS (ORDER BY attempt_id DESC, sequence DESC ROWS UNBOUNDED PRECEDING)
    ) AS looked
    WHERE number <= :most
        AND bytes_before < :page_bytes::bigint
    WINDOW walk AS (ORDER BY attempt_id DESC, sequence DESC)
) AS numbered
WHERE matches OR is_edge
ORDER BY attempt_id DESC, sequence DESC
LIMIT :wanted::integer
