-- What a walk over tasks found: the first `wanted` that fit, the lowest id it came to, and how many it looked at.
ARRAY (SELECT task_id FROM walked WHERE fits ORDER BY task_id DESC LIMIT :wanted::integer) AS found,
(SELECT task_id FROM walked ORDER BY task_id LIMIT 1) AS lowest,
(SELECT count(*) FROM walked) AS steps
