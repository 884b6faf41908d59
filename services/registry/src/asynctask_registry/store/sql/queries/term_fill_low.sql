-- The id that is `most` tasks below another one; none when there are fewer.
-- @params high most
SELECT task_id
FROM tasks
WHERE task_id < :high::uuid
ORDER BY task_id DESC
OFFSET :most::integer - 1
LIMIT 1
