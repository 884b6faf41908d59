-- Where the filling of terms stands, while it is not over. One registry at a time fills; for the others there is nothing.
-- @params
SELECT filled_from
FROM task_terms_filling
WHERE filled_from > '00000000-0000-0000-0000-000000000000'
FOR UPDATE SKIP LOCKED
