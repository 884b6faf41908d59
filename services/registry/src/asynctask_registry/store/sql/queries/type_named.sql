-- Names of task types with a text in them, also of deleted types, whose tasks are still there.
-- @params text limit
SELECT name
FROM task_types
WHERE strpos(lower(name COLLATE "C"), :text::text) > 0
LIMIT :limit::integer
