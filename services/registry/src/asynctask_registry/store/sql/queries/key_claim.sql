-- Store request ids for new tasks; expired ones are taken over. Sorted by key: concurrent claims wait for each other
-- instead of deadlocking. Returns the keys that this call claimed.
-- @params keys task_ids hashes kept_ms
INSERT INTO task_keys AS k (application, key, task_id, body_hash, expires_at)
SELECT '', w.key, w.task_id, w.body_hash, now() + :kept_ms::bigint * interval '1 millisecond'
FROM unnest(:keys::text[], :task_ids::uuid[], :hashes::bytea[]) AS w (key, task_id, body_hash)
ON CONFLICT (application, key) DO UPDATE
SET task_id = excluded.task_id,
    body_hash = excluded.body_hash,
    expires_at = excluded.expires_at
WHERE k.expires_at <= now()
RETURNING key
