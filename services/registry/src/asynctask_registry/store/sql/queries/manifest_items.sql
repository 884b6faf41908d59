-- Add items to a manifest, or replace them by position. Returns how many were replaced in each
-- state, and the sum of their sizes.
-- @params task_id manifest generation positions keys sizes statuses errors datas
WITH replaced AS (
    SELECT item_status, size
    FROM task_manifest_items
    WHERE task_id = :task_id::uuid
        AND manifest = :manifest::text
        AND generation = :generation::integer
        AND position = ANY (:positions::bigint[])
), stored AS (
    INSERT INTO task_manifest_items AS i (
        task_id, manifest, generation, position, key, size, item_status, error, data
    )
    SELECT :task_id, :manifest, :generation, w.position, w.key, w.size, w.item_status, w.error, w.data
    FROM unnest(:positions, :keys::bytea[], :sizes::bigint[], :statuses::text[], :errors::text[], :datas::text[])
        AS w (position, key, size, item_status, error, data)
    ON CONFLICT (task_id, manifest, generation, position) DO UPDATE
    SET key = excluded.key,
        size = excluded.size,
        item_status = excluded.item_status,
        error = excluded.error,
        data = excluded.data
)
SELECT item_status, count(*) AS items, sum(size) AS size
FROM replaced
GROUP BY item_status
