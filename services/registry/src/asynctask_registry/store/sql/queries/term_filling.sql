-- From which id on tasks have all their terms.
-- @params
SELECT filled_from
FROM task_terms_filling
