-- Change states of items; positions that do not exist are left out. Returns how many items changed from which state to
-- which, and the sum of their sizes.
-- @params task_id manifest generation positions statuses errors
WITH given AS (
    SELECT *
    FROM unnest(:positions::bigint[], :statuses::text[], :errors::text[]) AS w (position, item_status, error)
), before AS (
    SELECT i.item_status, w.item_status AS new_status, i.size
    FROM given AS w
    JOIN task_manifest_items AS i ON i.position = w.position
    WHERE i.task_id = :task_id::uuid
        AND i.manifest = :manifest::text
        AND i.generation = :generation::integer
        AND i.position = ANY (:positions)
), changed AS (
    UPDATE task_manifest_items AS i
    SET item_status = w.item_status,
        error = w.error
    FROM given AS w
    WHERE i.task_id = :task_id
        AND i.manifest = :manifest
        AND i.generation = :generation
        AND i.position = ANY (:positions)
        AND i.position = w.position
)
SELECT item_status, new_status, count(*) AS items, sum(size) AS size
FROM before
GROUP BY item_status, new_status
