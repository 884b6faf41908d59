-- The tasks that were created under these request ids.
-- @params keys
SELECT key, task_id, body_hash
FROM task_keys
WHERE application = ''
    AND key = ANY (:keys::text[])
