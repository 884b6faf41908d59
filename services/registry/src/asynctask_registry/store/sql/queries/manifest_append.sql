-- Add items to do after all others of a manifest, from position `first` on.
-- @params task_id manifest generation first keys sizes datas
INSERT INTO task_manifest_items (task_id, manifest, generation, position, key, size, item_status, data)
SELECT :task_id::uuid, :manifest::text, :generation::integer, :first::bigint + w.number - 1, w.key, w.size, 'todo', w.data
FROM unnest(:keys::bytea[], :sizes::bigint[], :datas::text[]) WITH ORDINALITY AS w (key, size, data, number)
