-- A page of tasks, newest first. NULL leaves a condition out; custom plans fold it away. A single type or state is given
-- as a scalar, which its index can follow in the order of ids.
-- @params task_type task_types state states queue labels low high page_size full
SELECT
    {task}
FROM tasks
WHERE task_id >= :low::uuid
    AND task_id < :high::uuid
    AND deleted_at IS NULL
    AND (:task_type::text IS NULL OR task_type = :task_type)
    AND (:task_types::text[] IS NULL OR task_type = ANY (:task_types))
    AND (:state::text IS NULL OR task_status = :state)
    AND (:states::text[] IS NULL OR task_status = ANY (:states))
    AND (:queue::text IS NULL OR queue = :queue)
    AND (:labels::text IS NULL OR labels @> :labels::jsonb)
ORDER BY task_id DESC
LIMIT :page_size::integer
