-- The names of the stages that a type had, newest first: tasks that ended before a change keep the stages that they had.
-- `until` is when they were replaced, in microseconds since 1970; empty `names` say that nobody knows what there was.
ALTER TABLE task_types ADD COLUMN former_stages jsonb NOT NULL DEFAULT '[]';

ALTER TABLE task_types DISABLE TRIGGER stamp_task_type;
UPDATE task_types
SET former_stages = jsonb_build_array(jsonb_build_object(
    'until', (extract(epoch FROM update_time) * 1000000)::bigint, 'names', '[]'::jsonb
))
WHERE version > 1;
ALTER TABLE task_types ENABLE TRIGGER stamp_task_type;

CREATE FUNCTION stage_names(definition text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_path_query_array(definition::jsonb, '$.stages[*].name')
$$;

-- As in 0005, and it keeps the stages that are replaced, whoever replaces them. At most 8 lists of 4 KiB together: of what
-- was before the oldest of them nothing is known.
CREATE OR REPLACE FUNCTION stamp_task_type() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.change_xid := pg_current_xact_id();
    IF OLD.deleted_at IS NOT NULL AND NEW.definition <> OLD.definition THEN
        NEW.deleted_at := NULL;
    END IF;
    IF stage_names(NEW.definition) <> stage_names(OLD.definition) THEN
        WITH listed AS (
            SELECT entry, number, sum(length(entry::text)) OVER (ORDER BY number) AS chars
            FROM jsonb_array_elements(
                jsonb_build_array(jsonb_build_object(
                    'until', (extract(epoch FROM now()) * 1000000)::bigint, 'names', stage_names(OLD.definition)
                )) || OLD.former_stages
            ) WITH ORDINALITY AS l (entry, number)
        ), kept AS (
            SELECT entry, number, number <= 8 AND chars <= 4096 AS has_room
            FROM listed
        )
        SELECT jsonb_agg(
            CASE WHEN has_room THEN entry ELSE jsonb_set(entry, '{names}', '[]') END ORDER BY number
        )
        INTO NEW.former_stages
        FROM kept
        WHERE number <= (SELECT count(*) FROM kept WHERE has_room) + 1;
    END IF;
    RETURN NEW;
END
$$;
