-- Counts of the manifests of some tasks.
-- @params task_ids low high
SELECT
    task_id, manifest, sealed, todo_items, todo_size, done_items, done_size, failed_items, failed_size, skipped_items,
    skipped_size, excluded_items, excluded_size
FROM task_manifests
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
ORDER BY task_id, manifest
