-- Read the ids of `most` tasks with a term, newest first.
-- Rows are compared and sorted by, so that only the index of terms can be used; the bare ids choose partitions.
-- @params kind term low high most
SELECT task_id
FROM task_terms
WHERE (kind, term, task_id) >= (:kind::text, :term::text, :low::uuid)
    AND (kind, term, task_id) < (:kind, :term, :high::uuid)
    AND task_id >= :low
    AND task_id < :high
ORDER BY kind DESC, term DESC, task_id DESC
LIMIT :most::integer
