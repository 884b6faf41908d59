-- Mark a task type as deleted; its row stays without a definition. Answers nothing when there is no such type.
-- @params name
UPDATE task_types
SET version = version + 1,
    update_time = now(),
    deleted_at = now(),
    definition = '',
    queues = '{}'
WHERE name = :name AND deleted_at IS NULL
RETURNING version
