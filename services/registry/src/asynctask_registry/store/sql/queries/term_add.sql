-- Add terms of tasks; those that are there already stay.
-- @params task_ids kinds terms
INSERT INTO task_terms (task_id, kind, term)
SELECT task_id, kind, term
FROM unnest(:task_ids::uuid[], :kinds::text[], :terms::text[]) AS w (task_id, kind, term)
ON CONFLICT DO NOTHING
