-- A page of a manifest by position; it ends with the item that makes it `page_bytes` large.
-- @params task_id manifest generation after states page_size page_bytes
SELECT position, key, size, item_status, error, data
FROM (
    SELECT *, sum(nbytes) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - nbytes AS bytes_before
    FROM (
        SELECT
            position, key, size, item_status, error, data,
            octet_length(key) + octet_length(error) + octet_length(data) AS nbytes
        FROM task_manifest_items
        WHERE task_id = :task_id::uuid
            AND manifest = :manifest::text
            AND generation = :generation::integer
            AND position > :after::bigint
            AND (:states::text[] IS NULL OR item_status = ANY (:states))
        ORDER BY position
        LIMIT :page_size::integer
    ) AS found
) AS page
WHERE bytes_before < :page_bytes::bigint
ORDER BY position
