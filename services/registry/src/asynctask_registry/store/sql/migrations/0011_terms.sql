-- What lists find tasks by besides state and type: labels, queues other than `default`, fingerprints of errors. Only tasks
-- that have such a thing have rows here. `tasks` gets no column and no index, so a plain task costs what it did, and this
-- migration reads no task: those that are there get their rows in the background, see ledger/term_filling.py.
CREATE TABLE task_terms (
    task_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,            -- what the term is
    term text COLLATE "C" NOT NULL,            -- as ledger/terms.py writes it
    CONSTRAINT task_terms_pkey PRIMARY KEY (task_id, kind, term),
    CONSTRAINT task_terms_kind CHECK (kind IN ('label', 'queue', 'error'))
) PARTITION BY RANGE (task_id);

-- Lists by a term, newest first.
CREATE INDEX task_terms_by_term ON task_terms (kind, term, task_id);

-- The days of the tasks that are there; later days get their partitions as all tables do.
DO $$
DECLARE
    day record;
BEGIN
    FOR day IN
        SELECT replace(c.relname, 'tasks_', 'task_terms_') AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
        FROM pg_inherits AS i
        JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'tasks'::regclass
    LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF task_terms %s', day.name, day.bound);
    END LOOP;
END
$$;

-- A label as a term, the value first, so that a value is found under any key. The case of A to Z is ignored, as in core
-- letter_case.
CREATE FUNCTION label_term(key text, value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT lower((value || '=' || key) COLLATE "C")
$$;

-- A trigger, so that tasks of a registry of an older release, which runs beside newer ones for a while, are found as well.
CREATE FUNCTION note_task_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO task_terms (task_id, kind, term)
    SELECT NEW.task_id, 'queue', NEW.queue
    WHERE NEW.queue <> 'default'
    UNION ALL
    SELECT NEW.task_id, 'label', label_term(l.key, l.value)
    FROM jsonb_each_text(NEW.labels) AS l
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER note_task_terms AFTER INSERT ON tasks FOR EACH ROW
WHEN (NEW.labels IS NOT NULL OR NEW.queue <> 'default')
EXECUTE FUNCTION note_task_terms();

-- Tasks with ids from `filled_from` on have all their terms.
CREATE TABLE task_terms_filling (
    only_row boolean NOT NULL DEFAULT true,
    filled_from uuid NOT NULL,
    CONSTRAINT task_terms_filling_pkey PRIMARY KEY (only_row),
    CONSTRAINT task_terms_filling_only_row CHECK (only_row)
);

INSERT INTO task_terms_filling (filled_from)
SELECT CASE WHEN EXISTS (SELECT FROM tasks) THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff' ELSE '00000000-0000-0000-0000-000000000000' END::uuid;
