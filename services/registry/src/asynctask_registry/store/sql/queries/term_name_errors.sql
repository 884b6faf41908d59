-- Give the errors of some tasks their fingerprints, in place of the terms without text. `named_tasks` are those of
-- `task_ids` that have an error. `|| ''` keeps the planner from the index of terms, which looks as cheap as the key while
-- it is small.
-- @params task_ids named_tasks fingerprints low high
WITH named AS (
    DELETE FROM task_terms AS t
    WHERE t.task_id = ANY (:task_ids::uuid[])
        AND t.task_id BETWEEN :low AND :high
        AND t.kind || '' = 'error'
        AND t.term || '' = ''
)
INSERT INTO task_terms (task_id, kind, term)
SELECT task_id, 'error', fingerprint
FROM unnest(:named_tasks::uuid[], :fingerprints::text[]) AS w (task_id, fingerprint)
ON CONFLICT DO NOTHING
