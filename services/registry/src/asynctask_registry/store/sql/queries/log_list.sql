-- A page of a task's log lines, oldest first: by attempt, then in the order in which they were written. Looks through
-- `most` lines, up to the one that makes them `page_bytes` large, and numbers them. The first and the last of them come
-- also where they do not match: they say where the next page, and a tail, go on. `is_followed`: the log has more lines.
-- @params task_id stage min_level text after_attempt after_sequence most page_bytes wanted
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
                AND attempt_id >= :after_attempt::uuid
                AND (attempt_id, sequence) > (:after_attempt, :after_sequence::bigint)
            ORDER BY attempt_id, sequence
            LIMIT :most::integer + 1
        ) AS found
        WINDOW walk AS (ORDER BY attempt_id, sequence ROWS UNBOUNDED PRECEDING)
    ) AS looked
    WHERE number <= :most
        AND bytes_before < :page_bytes::bigint
    WINDOW walk AS (ORDER BY attempt_id, sequence)
) AS numbered
WHERE matches OR is_edge
ORDER BY attempt_id, sequence
LIMIT :wanted::integer
