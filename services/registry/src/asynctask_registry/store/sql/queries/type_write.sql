-- Store types that are new or changed. Sorted by name.
-- @params names definitions
INSERT INTO task_types AS t (name, version, update_time, definition)
SELECT w.name, 1, now(), w.definition
FROM unnest(:names::text[], :definitions::text[]) AS w (name, definition)
ON CONFLICT (name) DO UPDATE
SET version = t.version + 1,
    update_time = now(),
    definition = excluded.definition
WHERE t.definition <> excluded.definition
RETURNING name
