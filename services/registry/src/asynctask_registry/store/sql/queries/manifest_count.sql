-- Add to the counts of a manifest; arrays have one number per state: todo, done, failed, skipped, excluded.
-- Returns the sum of all sizes, which has a bound: readers add up the sizes of several states.
-- @params task_id manifest seal items sizes
UPDATE task_manifests
SET sealed = sealed OR :seal::boolean,
    todo_items = todo_items + (:items::bigint[])[1],
    todo_size = todo_size + (:sizes::bigint[])[1],
    done_items = done_items + (:items)[2],
    done_size = done_size + (:sizes)[2],
    failed_items = failed_items + (:items)[3],
    failed_size = failed_size + (:sizes)[3],
    skipped_items = skipped_items + (:items)[4],
    skipped_size = skipped_size + (:sizes)[4],
    excluded_items = excluded_items + (:items)[5],
    excluded_size = excluded_size + (:sizes)[5]
WHERE task_id = :task_id::uuid
    AND manifest = :manifest::text
RETURNING todo_size + done_size + failed_size + skipped_size + excluded_size AS total_size
