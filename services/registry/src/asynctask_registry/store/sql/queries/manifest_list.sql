-- The manifests of a task, or the one with a name.
-- @params task_id manifest
SELECT
    manifest, generation, sealed, todo_items, todo_size, done_items, done_size, failed_items, failed_size,
    skipped_items, skipped_size, excluded_items, excluded_size
FROM task_manifests
WHERE task_id = :task_id::uuid
    AND (:manifest::text IS NULL OR manifest = :manifest)
ORDER BY manifest
