-- Read `most` tasks, newest first, and find those that meet the conditions.
-- @params task_types states queue has_warnings labels label text named_id named_value low high most wanted
WITH walked AS (
    SELECT task_id, {matches} AS fits
    FROM tasks
    WHERE task_id >= :low::uuid
        AND task_id < :high::uuid
    ORDER BY task_id DESC
    LIMIT :most::integer
)
SELECT
    ARRAY (SELECT task_id FROM walked WHERE fits ORDER BY task_id DESC LIMIT :wanted::integer) AS found,
    (SELECT task_id FROM walked ORDER BY task_id LIMIT 1) AS lowest,
    (SELECT count(*) FROM walked) AS steps
