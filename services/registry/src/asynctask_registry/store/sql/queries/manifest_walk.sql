-- A page of a manifest by position, of the next `most` items, up to the one that makes them `page_bytes` large. They are
-- numbered, and the last of them comes also where it does not match: it says where the next page goes on. `is_followed`:
-- the manifest has more items. Keys are bytes: as Latin-1 every byte is a character, and only A to Z have two cases. No
-- text holds a NUL, so a key with one is compared as it is.
-- @params task_id manifest generation after states text most page_bytes wanted
SELECT number, matches, is_followed, position, key, size, item_status, error, data
FROM (
    SELECT
        *,
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
        SELECT
            *,
            row_number() OVER walk AS number,
            lead(position) OVER walk IS NOT NULL AS is_followed,
            sum(nbytes) OVER walk - nbytes AS bytes_before
        FROM (
            SELECT
                position, key, size, item_status, error, data,
                octet_length(key) + octet_length(error) + octet_length(data) AS nbytes
            FROM task_manifest_items
            WHERE task_id = :task_id::uuid
                AND manifest = :manifest::text
                AND generation = :generation::integer
                AND position > :after::bigint
            ORDER BY position
            LIMIT :most::integer + 1
        ) AS found
        WINDOW walk AS (ORDER BY position ROWS UNBOUNDED PRECEDING)
    ) AS looked
    WHERE number <= :most
        AND bytes_before < :page_bytes::bigint
    WINDOW walk AS (ORDER BY position)
) AS numbered
WHERE matches OR is_last
ORDER BY position
LIMIT :wanted::integer
