-- Read `most` terms, those of the newest tasks first, and find the tasks with a text in a label's value. Terms of other
-- kinds count as well: there may be millions of them in a row, and a statement is bounded by what it reads. What stands
-- before the last `=` may end with a part of the key, so some tasks have the text only there.
-- @params text low high most
WITH walked AS (
    SELECT task_id, kind = 'label' AND strpos(left(term, -strpos(reverse(term), '=')), :text::text) > 0 AS fits
    FROM task_terms
    WHERE task_id >= :low::uuid
        AND task_id < :high::uuid
    ORDER BY task_id DESC, kind DESC, term DESC
    LIMIT :most::integer
)
SELECT
    ARRAY (SELECT DISTINCT task_id FROM walked WHERE fits) AS found,
    (SELECT task_id FROM walked ORDER BY task_id LIMIT 1) AS lowest,
    (SELECT count(*) FROM walked) AS steps
