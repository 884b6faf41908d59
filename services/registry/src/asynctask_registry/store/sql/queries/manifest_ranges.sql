-- Give one state, without an error, to all items in ranges of positions, which lie between `lowest` and `highest`.
-- Returns how many items were in each state before, and the sum of their sizes.
-- @params task_id manifest generation lowest highest firsts lasts status
WITH given AS MATERIALIZED (
    SELECT range_agg(int8range(w.first, w.last, '[]')) AS positions
    FROM unnest(:firsts::bigint[], :lasts::bigint[]) AS w (first, last)
), before AS (
    SELECT item_status, count(*) AS items, sum(size) AS size
    FROM task_manifest_items
    WHERE task_id = :task_id::uuid
        AND manifest = :manifest::text
        AND generation = :generation::integer
        AND position BETWEEN :lowest::bigint AND :highest::bigint
        AND position <@ (SELECT positions FROM given)
    GROUP BY item_status
), changed AS (
    UPDATE task_manifest_items
    SET item_status = :status::text,
        error = ''
    WHERE task_id = :task_id
        AND manifest = :manifest
        AND generation = :generation
        AND position BETWEEN :lowest AND :highest
        AND position <@ (SELECT positions FROM given)
)
SELECT item_status, items, size
FROM before
