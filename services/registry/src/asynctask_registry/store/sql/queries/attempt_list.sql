-- The latest attempts of a task that were started, newest first: by their number, since a scheduler makes ids in
-- advance. The list ends with the attempt whose error makes all errors `page_bytes` large.
-- @params task_id limit page_bytes
SELECT history_id, lease_epoch, run, executor_id, start_time, end_time, execution_result, failure
FROM (
    SELECT *, sum(nbytes) OVER (ORDER BY lease_epoch DESC ROWS UNBOUNDED PRECEDING) - nbytes AS bytes_before
    FROM (
        SELECT
            history_id, lease_epoch, run, executor_id, start_time, end_time, execution_result, failure,
            coalesce(octet_length(failure), 0) AS nbytes
        FROM task_execution_history
        WHERE task_id = :task_id::uuid
            AND start_time IS NOT NULL
        ORDER BY lease_epoch DESC
        LIMIT :limit::integer
    ) AS found
) AS latest
WHERE bytes_before < :page_bytes::bigint
ORDER BY lease_epoch DESC
