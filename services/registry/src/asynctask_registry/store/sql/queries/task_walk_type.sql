-- Read `most` tasks of one type, newest first, and find those that meet the conditions.
-- Pairs are compared and sorted by, so that only the index of types can be used; the bare ids choose partitions.
-- @params walked_type task_types states queue has_warnings labels low high most wanted
WITH walked AS (
    SELECT task_id, {matches} AS fits
    FROM tasks
    WHERE (task_type, task_id) >= (:walked_type::text, :low::uuid)
        AND (task_type, task_id) < (:walked_type, :high::uuid)
        AND task_id >= :low
        AND task_id < :high
        AND deleted_at IS NULL
    ORDER BY task_type DESC, task_id DESC
    LIMIT :most::integer
)
SELECT
    {walked}
