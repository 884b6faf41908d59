-- Delete rows of minutes or of hours that are no longer kept, one batch.
-- @params step_s kept_s limit
DELETE FROM task_series
WHERE ctid = ANY (ARRAY(
    SELECT ctid
    FROM task_series
    WHERE step_s = :step_s::integer
        AND start_time < now() - :kept_s::integer * interval '1 second'
    ORDER BY start_time
    LIMIT :limit::integer
))
RETURNING step_s
