-- Complete tasks whose current attempt succeeded with its next event. Arrays are sorted by task id. Tasks that do not
-- fit the guards are not returned, and are folded one by one; so are tasks with warnings, since some may be replaced.
-- `type_of_one_stage` is the type of a task that was in its first stage, whose name its row does not have; else NULL.
-- For `|| ''` see task_start.sql.
-- @params task_ids attempt_ids sequences after_chunks results low high attempt_low attempt_high
WITH completed AS (
    UPDATE tasks AS t
    SET task_status = 'completed',
        version = t.version + 1,
        change_xid = pg_current_xact_id(),
        executor_id = '',
        requested = NULL,
        last_event = w.sequence,
        end_time = now(),
        result = w.result,
        failure = NULL,
        deleted_at = CASE WHEN t.delete_requested THEN now() END
    FROM unnest(
        :task_ids::uuid[], :attempt_ids::uuid[], :sequences::text::bigint[], :after_chunks::text::bigint[], :results::text[]
    ) AS w (task_id, attempt_id, sequence, after_chunk, result)
    WHERE t.task_id = w.task_id
        AND t.task_id = ANY (:task_ids)
        AND t.task_id BETWEEN :low AND :high
        AND t.task_status || '' = 'running'
        AND t.attempt_id = w.attempt_id
        AND t.last_event = w.sequence - 1
        AND t.last_chunk >= w.after_chunk
        AND t.warning_counts IS NULL
    RETURNING
        t.task_id, t.attempt_id, t.version, t.task_type, t.deleted_at, t.end_time - t.start_time AS spent,
        CASE WHEN t.stage = '' THEN t.task_type END AS type_of_one_stage
), noted AS (
    UPDATE task_execution_history AS h
    SET end_time = now(),
        execution_result = 'success'
    FROM completed AS c
    WHERE h.history_id = c.attempt_id
        AND h.history_id = ANY (:attempt_ids)
        AND h.history_id BETWEEN :attempt_low AND :attempt_high
), moved AS (
    INSERT INTO task_moves (task_type, former_status, task_status, event, bucket, tasks)
    SELECT
        task_type, 'running', CASE WHEN deleted_at IS NULL THEN 'completed' END, 'completed', duration_bucket(spent),
        count(*)
    FROM completed
    GROUP BY 1, 3, 5
)
SELECT task_id, attempt_id, version, type_of_one_stage
FROM completed
