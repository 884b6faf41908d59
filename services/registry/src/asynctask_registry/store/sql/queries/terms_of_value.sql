-- The terms of labels between two texts, at most `most`. One look into the index for each term, however many tasks have it.
-- @params from_term to_term most
WITH RECURSIVE found (term) AS (
    SELECT :from_term::text COLLATE "C"
    UNION ALL
    SELECT (
        SELECT t.term
        FROM task_terms AS t
        WHERE (t.kind, t.term) > ('label', found.term)
            AND (t.kind, t.term) < ('label', :to_term::text)
        ORDER BY t.kind, t.term
        LIMIT 1
    )
    FROM found
    WHERE found.term IS NOT NULL
)
SELECT term
FROM found
WHERE term > :from_term
LIMIT :most::integer
