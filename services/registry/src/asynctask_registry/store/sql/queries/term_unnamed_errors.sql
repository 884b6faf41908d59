-- At most `most` tasks between two ids whose error has no fingerprint yet. Their terms are locked until the fingerprints
-- are written, so that no newer error of the task comes in between; what another registry has locked is left out.
-- Rows are compared and sorted by, so that only the index of terms can be used.
-- @params low high most
SELECT task_id
FROM task_terms
WHERE (kind, term, task_id) >= ('error', '', :low::uuid)
    AND (kind, term, task_id) < ('error', '', :high::uuid)
ORDER BY kind, term, task_id
LIMIT :most::integer
FOR UPDATE SKIP LOCKED
