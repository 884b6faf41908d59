-- Every task type.
-- @params
SELECT name, version, update_time, definition
FROM task_types
ORDER BY name
