-- Choose the type whose recount is due for the longest time; types that were never counted come first.
-- One registry at a time recounts; for the others there is none.
-- @params lock
SELECT n.task_type, coalesce(r.is_counted, true) AS is_counted
FROM (
    SELECT name AS task_type FROM task_types
    UNION
    SELECT task_type FROM task_counts
) AS n
LEFT JOIN task_recounts AS r ON r.task_type = n.task_type
WHERE (SELECT pg_try_advisory_xact_lock(:lock::bigint))
    AND (r.due_at IS NULL OR r.due_at <= now())
ORDER BY coalesce(r.is_counted, true), r.due_at NULLS FIRST
LIMIT 1
