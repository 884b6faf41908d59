-- The names among these that belong to deleted task types.
-- @params names
SELECT name
FROM task_types
WHERE name = ANY(:names::text[]) AND deleted_at IS NOT NULL
