-- Write the number of the last recorded event of tasks whose version the life cycle did not change. The same
-- transaction has locked the rows; arrays are sorted by task id.
-- @params task_ids last_events lost_counts undelivered_counts low high
UPDATE tasks AS t
SET last_event = w.last_event,
    lost_count = w.lost_count,
    undelivered_count = w.undelivered_count
FROM unnest(
    :task_ids::uuid[], :last_events::text::bigint[], :lost_counts::text::integer[], :undelivered_counts::text::integer[]
) AS w (task_id, last_event, lost_count, undelivered_count)
WHERE t.task_id = w.task_id
    AND t.task_id = ANY (:task_ids)
    AND t.task_id BETWEEN :low AND :high
