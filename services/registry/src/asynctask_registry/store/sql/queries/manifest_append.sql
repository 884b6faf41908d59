-- Add items to do behind all others of a manifest.
-- @params task_id manifest generation positions keys sizes datas
INSERT INTO task_manifest_items (task_id, manifest, generation, position, key, size, item_status, data)
SELECT :task_id::uuid, :manifest::text, :generation::integer, w.position, w.key, w.size, 'todo', w.data
FROM unnest(:positions::bigint[], :keys::bytea[], :sizes::bigint[], :datas::text[]) AS w (position, key, size, data)
