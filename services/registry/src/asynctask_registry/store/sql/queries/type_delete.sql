-- Mark a task type as deleted. Its row stays, with only the name in its definition, since registries of an older
-- release read it like any other. Returns no row when there is no such type.
-- @params name
UPDATE task_types
SET version = version + 1,
    update_time = now(),
    deleted_at = now(),
    definition = json_build_object('name', name)::text,
    queues = '{}'
WHERE name = :name AND deleted_at IS NULL
RETURNING version
