-- What happened to tasks of one type, or of all types, in each `point_s` seconds from `low` on and before `high`: from rows
-- of `step_s` seconds, and from moves that are not folded yet.
-- @params task_type step_s point_s low high
SELECT
    floor(extract(epoch FROM start_time) / :point_s::bigint)::bigint AS point,
    event,
    bucket,
    sum(tasks)::bigint AS tasks
FROM (
    SELECT start_time, event, bucket, tasks
    FROM task_series
    WHERE task_type = :task_type::text
        AND step_s = :step_s::integer
        AND start_time >= :low::timestamptz
        AND start_time < :high::timestamptz
    UNION ALL
    SELECT moved_at, event, coalesce(bucket, -1), tasks
    FROM task_moves
    WHERE event IS NOT NULL
        AND (:task_type = '' OR task_type = :task_type)
        AND moved_at >= :low
        AND moved_at < :high
) AS drawn
GROUP BY 1, 2, 3
