-- Replace the terms of one kind of some tasks, whose rows the same transaction has locked: `given_terms` are those that the
-- tasks `given_tasks` have now. For `|| ''` see task_start.sql.
-- @params kind task_ids given_tasks given_terms low high
WITH given AS (
    SELECT task_id, term
    FROM unnest(:given_tasks::uuid[], :given_terms::text[]) AS w (task_id, term)
), removed AS (
    DELETE FROM task_terms AS t
    WHERE t.task_id = ANY (:task_ids::uuid[])
        AND t.task_id BETWEEN :low AND :high
        AND t.kind || '' = :kind::text
        AND (t.task_id, t.term) NOT IN (SELECT task_id, term FROM given)
)
INSERT INTO task_terms (task_id, kind, term)
SELECT task_id, :kind, term
FROM given
ON CONFLICT DO NOTHING
