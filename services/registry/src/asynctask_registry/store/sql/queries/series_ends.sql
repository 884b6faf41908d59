-- How many tasks of each type, and of all types together (the empty type), completed and failed since `low`, a full hour,
-- apart from what the hours of the series before `settled` have: from later hours, and from moves that are not folded yet.
-- @params low settled
SELECT task_type, event, sum(tasks)::bigint AS tasks
FROM (
    SELECT task_type, event, tasks
    FROM task_series
    WHERE step_s = 3600
        AND start_time >= :settled::timestamptz
        AND event IN ('completed', 'failed')
    UNION ALL
    SELECT k.task_type, m.event, m.tasks
    FROM task_moves AS m
    CROSS JOIN LATERAL (VALUES (m.task_type), ('')) AS k (task_type)
    WHERE m.event IN ('completed', 'failed')
        AND m.moved_at >= :low::timestamptz
) AS ended
GROUP BY task_type, event
