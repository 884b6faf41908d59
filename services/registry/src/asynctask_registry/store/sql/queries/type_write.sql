-- Store types that are new, changed or deleted. Sorted by name. `formers` are the queues that they had as far as the
-- caller knows: older rows do not have their queues. A trigger stamps the row and ends a deletion.
-- Returns what was stored, with the number of queues.
-- @params names definitions queues formers
INSERT INTO task_types AS t (name, version, update_time, definition, queues)
SELECT w.name, 1, now(), w.definition, ARRAY(SELECT DISTINCT unnest(ARRAY[w.queue, w.former]))
FROM unnest(:names::text[], :definitions::text[], :queues::text[], :formers::text[])
    AS w (name, definition, queue, former)
ON CONFLICT (name) DO UPDATE
SET version = t.version + 1,
    update_time = now(),
    definition = excluded.definition,
    queues = ARRAY(SELECT DISTINCT unnest(t.queues || excluded.queues) AS queue ORDER BY queue)
WHERE t.definition <> excluded.definition OR t.deleted_at IS NOT NULL
RETURNING name, cardinality(queues) AS queue_count
