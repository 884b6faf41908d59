-- Begin a manifest, go on with it, or begin it anew. Answers the generation that its items belong to.
-- @params task_id manifest reset
INSERT INTO task_manifests AS m (task_id, manifest)
VALUES (:task_id::uuid, :manifest::text)
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
