-- Write the terms of the tasks between two ids that were there before there were terms. Errors get one without text.
-- @params low high
INSERT INTO task_terms (task_id, kind, term)
SELECT t.task_id, w.kind, w.term
FROM tasks AS t
CROSS JOIN LATERAL (
    SELECT 'queue', t.queue
    WHERE t.queue <> 'default'
    UNION ALL
    SELECT 'label', label_term(l.key, l.value)
    FROM jsonb_each_text(t.labels) AS l
    UNION ALL
    SELECT 'error', ''
    WHERE t.task_status = 'failed'
        AND NOT EXISTS (SELECT FROM task_terms AS e WHERE e.task_id = t.task_id AND e.kind || '' = 'error')
) AS w (kind, term)
WHERE t.task_id >= :low::uuid
    AND t.task_id < :high::uuid
    AND (t.labels IS NOT NULL OR t.queue <> 'default' OR t.task_status = 'failed')
ON CONFLICT DO NOTHING
