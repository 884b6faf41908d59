-- A page of the task types that are not deleted, after a name; it ends with the type that makes it `page_bytes` large.
-- `found` is above the number of rows of the page when more follow.
-- @params after page_size page_bytes
SELECT name, version, update_time, definition, queues, former_stages, found
FROM (
    SELECT
        t.*,
        sum(bytes) OVER (ORDER BY name ROWS UNBOUNDED PRECEDING) - bytes AS bytes_before,
        count(*) OVER () AS found
    FROM (
        SELECT
            name, version, update_time, definition, queues, former_stages::text AS former_stages,
            octet_length(definition) + pg_column_size(queues) AS bytes
        FROM task_types
        WHERE name > :after AND deleted_at IS NULL
        ORDER BY name
        LIMIT :page_size::integer + 1
    ) AS t
) AS page
WHERE bytes_before < :page_bytes::bigint
ORDER BY name
