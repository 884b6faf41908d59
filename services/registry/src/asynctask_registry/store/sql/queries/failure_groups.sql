-- Read `most` failed tasks, newest first, and group them by the fingerprint of their error, the group that failed last first.
-- Pairs are compared and sorted by, so that only the index of states can be used; the bare ids choose partitions.
-- `last_failed` is the task of each group that failed last. The last row, without a fingerprint, says how far this looked.
-- @params task_type low high most page_size
WITH walked AS (
    SELECT task_id, task_type, end_time, deleted_at
    FROM tasks
    WHERE (task_status, task_id) >= ('failed', :low::uuid)
        AND (task_status, task_id) < ('failed', :high::uuid)
        AND task_id >= :low
        AND task_id < :high
        AND task_status <> 'completed'
    ORDER BY task_status DESC, task_id DESC
    LIMIT :most::integer
), grouped AS (
    SELECT
        t.term AS fingerprint,
        count(*) AS tasks,
        min(w.end_time) AS first_time,
        max(w.end_time) AS last_time,
        (array_agg(w.task_id ORDER BY w.end_time DESC, w.task_id DESC))[1] AS last_failed
    FROM walked AS w
    CROSS JOIN LATERAL (
        -- One look for each task; without OFFSET all fingerprints that there are might be read instead.
        SELECT term
        FROM task_terms
        WHERE task_id = w.task_id
            AND task_id >= :low
            AND task_id < :high
            AND kind || '' = 'error'
            AND term <> ''
        OFFSET 0
    ) AS t
    WHERE w.deleted_at IS NULL
        AND (:task_type::text IS NULL OR w.task_type = :task_type)
    GROUP BY t.term
    ORDER BY last_time DESC, fingerprint
    LIMIT :page_size::integer
)
SELECT fingerprint, tasks, first_time, last_time, last_failed, NULL::uuid AS lowest
FROM grouped
UNION ALL
SELECT NULL, count(*), NULL, NULL, NULL, (SELECT task_id FROM walked ORDER BY task_id LIMIT 1)
FROM walked
