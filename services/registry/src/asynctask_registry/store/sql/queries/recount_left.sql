-- How many types of an older release are not counted yet.
-- @params
SELECT count(*) AS types
FROM task_recounts
WHERE NOT is_counted
