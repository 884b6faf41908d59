-- Delete what made commands known that changed nothing, once their callers have long given up repeating them: a program
-- that pauses a paused task again and again would fill the table.
-- @params task_id since_ms kept_ms
DELETE FROM task_events
WHERE task_id = :task_id::uuid
    AND kind = 'unchanged'
    AND time >= to_timestamp(:since_ms::bigint / 1000.0)
    AND time < now() - :kept_ms::bigint * interval '1 millisecond'
