-- Reset the manifests of tasks: their items now belong to an old generation.
-- @params task_ids low high
UPDATE task_manifests
SET generation = generation + 1,
    sealed = false,
    todo_items = 0, todo_size = 0,
    done_items = 0, done_size = 0,
    failed_items = 0, failed_size = 0,
    skipped_items = 0, skipped_size = 0,
    excluded_items = 0, excluded_size = 0
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
