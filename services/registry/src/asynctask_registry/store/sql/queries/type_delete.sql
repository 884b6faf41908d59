-- Mark a task type as deleted; its row stays, and of its definition the name, which registries of an older release read
-- like any other. Answers nothing when there is no such type.
-- @params name
UPDATE task_types
SET version = version + 1,
    update_time = now(),
    deleted_at = now(),
    definition = json_build_object('name', name)::text,
    queues = '{}'
WHERE name = :name AND deleted_at IS NULL
RETURNING version
