-- A task of this type that is not final, if there is one.
-- @params name
SELECT task_id
FROM tasks
WHERE task_type = :name
    AND deleted_at IS NULL
    AND task_status IN ('pending', 'queued', 'running', 'awaiting_approval', 'paused')
LIMIT 1
