-- Tasks of one state that is not final, by id.
-- @params state after page_size
SELECT
    {facts}
FROM tasks
WHERE task_status = :state::text
    AND task_status <> 'completed'
    AND task_id > :after::uuid
ORDER BY task_id
LIMIT :page_size::integer
