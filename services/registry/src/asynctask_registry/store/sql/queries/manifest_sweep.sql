-- Delete items of old generations of one manifest, one batch; when no such item is left, mark the manifest as swept.
-- Returns how many items were deleted, and of how many manifests (0: nothing is left to do).
-- @params limit
WITH stale AS (
    SELECT task_id, manifest, generation
    FROM task_manifests
    WHERE swept_generation < generation - 1
    LIMIT 1
    FOR UPDATE SKIP LOCKED
), doomed AS (
    SELECT i.task_id, i.manifest, i.generation, i.position
    FROM stale AS s
    JOIN task_manifest_items AS i ON i.task_id = s.task_id AND i.manifest = s.manifest AND i.generation < s.generation
    LIMIT :limit::integer
), gone AS (
    DELETE FROM task_manifest_items AS i
    USING doomed AS d
    WHERE i.task_id = d.task_id
        AND i.manifest = d.manifest
        AND i.generation = d.generation
        AND i.position = d.position
    RETURNING 1
), swept AS (
    UPDATE task_manifests AS m
    SET swept_generation = s.generation - 1
    FROM stale AS s
    WHERE m.task_id = s.task_id
        AND m.manifest = s.manifest
        AND (SELECT count(*) FROM doomed) < :limit
)
SELECT
    (SELECT count(*) FROM gone) AS items,
    (SELECT count(*) FROM stale) AS manifests
