-- Begin a manifest, go on with it, or reset it. Returns the generation that its items belong to; no row if the task,
-- whose row is locked, has `most` others.
-- @params task_id manifest reset most
INSERT INTO task_manifests AS m (task_id, manifest)
SELECT :task_id::uuid, :manifest::text
WHERE EXISTS (SELECT FROM task_manifests WHERE task_id = :task_id AND manifest = :manifest)
    OR (SELECT count(*) FROM task_manifests WHERE task_id = :task_id) < :most::bigint
ON CONFLICT (task_id, manifest) DO UPDATE
SET generation = CASE WHEN :reset::boolean THEN m.generation + 1 ELSE m.generation END,
    sealed = m.sealed AND NOT :reset,
    todo_items = CASE WHEN :reset THEN 0 ELSE m.todo_items END,
    todo_size = CASE WHEN :reset THEN 0 ELSE m.todo_size END,
    done_items = CASE WHEN :reset THEN 0 ELSE m.done_items END,
    done_size = CASE WHEN :reset THEN 0 ELSE m.done_size END,
    failed_items = CASE WHEN :reset THEN 0 ELSE m.failed_items END,
    failed_size = CASE WHEN :reset THEN 0 ELSE m.failed_size END,
    skipped_items = CASE WHEN :reset THEN 0 ELSE m.skipped_items END,
    skipped_size = CASE WHEN :reset THEN 0 ELSE m.skipped_size END,
    excluded_items = CASE WHEN :reset THEN 0 ELSE m.excluded_items END,
    excluded_size = CASE WHEN :reset THEN 0 ELSE m.excluded_size END
RETURNING generation
