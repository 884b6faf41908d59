-- Every task type.
-- @params
SELECT name, version, update_time, definition, queues
FROM task_types
ORDER BY name
