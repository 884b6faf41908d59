-- The stages of some tasks. Payloads only with `full`, the smallest first, up to `most` bytes per task; for those left
-- out it returns their size.
-- @params task_ids low high full most
SELECT
    task_id, stage, stage_status, end_time, position, progress_done, progress_total, progress_unit, progress_message,
    CASE WHEN :full::boolean AND running_bytes <= :most::bigint THEN checkpoint_json END AS checkpoint_json,
    CASE WHEN :full AND running_bytes <= :most THEN result END AS result,
    CASE WHEN :full AND running_bytes > :most THEN nbytes ELSE 0 END AS left_out_bytes,
    CASE WHEN :full THEN warnings END AS warnings,
    stage_status = 'running' AND (
        checkpoint_json IS NOT NULL OR checkpoint_raw IS NOT NULL OR task_id = ANY (ARRAY(
            SELECT m.task_id FROM task_manifests AS m
            WHERE m.task_id = ANY (:task_ids) AND m.task_id BETWEEN :low AND :high
        ))
    ) AS is_saved
FROM (
    SELECT *, sum(nbytes) OVER (PARTITION BY task_id ORDER BY nbytes, position, stage) AS running_bytes
    FROM (
        SELECT *, coalesce(octet_length(checkpoint_json), 0) + coalesce(octet_length(result), 0) AS nbytes
        FROM task_stages
        WHERE task_id = ANY (:task_ids::uuid[])
            AND task_id BETWEEN :low AND :high
    ) AS measured
) AS added_up
ORDER BY task_id, position
