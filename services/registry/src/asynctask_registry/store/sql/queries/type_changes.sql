-- A page of the task types that transactions from `first` on and before `end` changed or deleted, after the position of
-- the previous page; the page ends with the type that makes it `page_bytes` large.
-- `found` is above the number of rows of the page when more follow. See catalogue/feed.py for why this misses nothing.
-- @params first end after_xid after_name page_size page_bytes
SELECT name, version, update_time, definition, queues, former_stages, deleted, change_xid, found
FROM (
    SELECT
        t.*,
        sum(bytes) OVER (ORDER BY change_xid, name ROWS UNBOUNDED PRECEDING) - bytes AS bytes_before,
        count(*) OVER () AS found
    FROM (
        SELECT
            name, version, update_time, definition, queues, former_stages::text AS former_stages, change_xid,
            deleted_at IS NOT NULL AS deleted,
            octet_length(definition) + pg_column_size(queues) AS bytes
        FROM task_types
        WHERE change_xid >= greatest(:first::xid8, :after_xid::xid8)
            AND change_xid < :end::xid8
            AND (change_xid > :after_xid OR name > :after_name)
        ORDER BY change_xid, name
        LIMIT :page_size::integer + 1
    ) AS t
) AS page
WHERE bytes_before < :page_bytes::bigint
ORDER BY change_xid, name
