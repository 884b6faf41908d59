-- The last position of a manifest, if it has items.
-- @params task_id manifest generation
SELECT position
FROM task_manifest_items
WHERE task_id = :task_id::uuid
    AND manifest = :manifest::text
    AND generation = :generation::integer
ORDER BY position DESC
LIMIT 1
