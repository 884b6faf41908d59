-- A page of a manifest by position.
-- @params task_id manifest generation after states page_size
SELECT position, key, size, item_status, error, data
FROM task_manifest_items
WHERE task_id = :task_id::uuid
    AND manifest = :manifest::text
    AND generation = :generation::integer
    AND position > :after::bigint
    AND (:states::text[] IS NULL OR item_status = ANY (:states))
ORDER BY position
LIMIT :page_size::integer
