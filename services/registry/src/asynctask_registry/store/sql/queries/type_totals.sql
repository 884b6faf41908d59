-- How many task types there are, and the size of their definitions.
-- @params
SELECT count(*) AS count, coalesce(sum(octet_length(definition)), 0)::bigint AS bytes
FROM task_types
WHERE deleted_at IS NULL
