-- What request ids made before.
-- @params keys
SELECT key, task_id, body_hash
FROM task_keys
WHERE application = ''
    AND key = ANY (:keys::text[])
