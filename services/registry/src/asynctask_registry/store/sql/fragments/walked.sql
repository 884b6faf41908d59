-- The result of a walk over tasks: the first `wanted` that fit, the lowest id it read, and how many it read.
ARRAY (SELECT task_id FROM walked WHERE fits ORDER BY task_id DESC LIMIT :wanted::integer) AS found,
(SELECT task_id FROM walked ORDER BY task_id LIMIT 1) AS lowest,
(SELECT count(*) FROM walked) AS steps
