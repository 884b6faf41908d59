-- How many tasks of each type, and of all types together (the empty type), completed and failed in the hours of the series
-- from `low` on and before `settled`.
-- @params low settled
SELECT task_type, event, sum(tasks)::bigint AS tasks
FROM task_series
WHERE step_s = 3600
    AND start_time >= :low::timestamptz
    AND start_time < :settled::timestamptz
    AND event IN ('completed', 'failed')
GROUP BY task_type, event
