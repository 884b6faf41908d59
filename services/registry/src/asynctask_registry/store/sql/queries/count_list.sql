-- How many tasks there are by type and state.
-- @params
SELECT task_type, task_status, sum(tasks)::bigint AS tasks
FROM (
    {counted}
) AS counted
GROUP BY task_type, task_status
HAVING sum(tasks) > 0
