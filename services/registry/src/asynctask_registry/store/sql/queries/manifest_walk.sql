-- A page of a manifest by position, of the next `most` items, which are numbered. The last of them comes also where it
-- does not match: it says where the next page goes on. Keys are bytes: as Latin-1 every byte is a character, and only
-- A to Z have two cases. No text holds a NUL, so a key with one is compared as it is.
-- @params task_id manifest generation after states text most wanted
SELECT number, matches, position, key, size, item_status, error, data
FROM (
    SELECT
        *,
        row_number() OVER walk AS number,
        lead(position) OVER walk IS NULL AS is_last,
        (:states::text[] IS NULL OR item_status = ANY (:states))
            AND (
                :text::bytea IS NULL
                OR CASE
                    WHEN position('\x00'::bytea IN key) > 0 THEN position(:text IN key) > 0
                    ELSE strpos(
                        lower(convert_from(key, 'LATIN1') COLLATE "C"),
                        lower(convert_from(:text, 'LATIN1') COLLATE "C")
                    ) > 0
                END
            ) AS matches
    FROM (
        SELECT position, key, size, item_status, error, data
        FROM task_manifest_items
        WHERE task_id = :task_id::uuid
            AND manifest = :manifest::text
            AND generation = :generation::integer
            AND position > :after::bigint
        ORDER BY position
        LIMIT :most::integer
    ) AS looked
    WINDOW walk AS (ORDER BY position)
) AS numbered
WHERE matches OR is_last
ORDER BY position
LIMIT :wanted::integer
