-- A task of this type that is not final and was changed by transactions from `first` on, if there is one.
-- @params name first
SELECT task_id
FROM tasks
WHERE change_xid >= :first::xid8
    AND task_type = :name
    AND deleted_at IS NULL
    AND task_status IN ('pending', 'queued', 'running', 'awaiting_approval', 'paused')
LIMIT 1
