-- Count the states of the next `most` tasks of one type in the order of their ids.
-- Pairs are compared and sorted by, so that only the index of types can be used; the bare ids choose partitions.
-- @params task_type after most
WITH walked AS (
    SELECT task_id, task_status
    FROM tasks
    WHERE (task_type, task_id) > (:task_type::text, :after::uuid)
        AND (task_type, task_id) <= (:task_type, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
        AND task_id > :after
        AND deleted_at IS NULL
    ORDER BY task_type, task_id
    LIMIT :most::integer
)
SELECT
    task_status,
    count(*) AS tasks,
    (SELECT task_id FROM walked ORDER BY task_id DESC LIMIT 1) AS last
FROM walked
GROUP BY task_status
