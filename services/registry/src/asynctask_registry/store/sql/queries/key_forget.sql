-- Delete expired request ids, one batch.
-- @params limit
DELETE FROM task_keys
WHERE (application, key) IN (
    SELECT application, key
    FROM task_keys
    WHERE expires_at <= now()
    ORDER BY expires_at
    LIMIT :limit::integer
    FOR UPDATE SKIP LOCKED
)
RETURNING key
