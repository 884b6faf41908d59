-- Read the ids of `most` tasks with any of some terms, newest first; a task with two of them comes twice.
-- Rows are compared and sorted by, so that only the index of terms can be used; the bare ids choose partitions.
-- @params kind terms low high most
SELECT one.task_id
FROM unnest(:terms::text[]) AS w (term)
CROSS JOIN LATERAL (
    SELECT task_id
    FROM task_terms AS t
    WHERE (t.kind, t.term, t.task_id) >= (:kind::text, w.term, :low::uuid)
        AND (t.kind, t.term, t.task_id) < (:kind, w.term, :high::uuid)
        AND t.task_id >= :low
        AND t.task_id < :high
    ORDER BY t.kind DESC, t.term DESC, t.task_id DESC
    LIMIT :most::integer
) AS one
ORDER BY one.task_id DESC
LIMIT :most
