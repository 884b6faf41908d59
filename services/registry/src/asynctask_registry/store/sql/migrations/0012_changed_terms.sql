-- Terms of what changes: labels, and whether a task stands at `failed`. A trigger writes them, so that they are right also
-- where a registry of an older release, which knows no terms, changes tasks beside newer ones. It cannot make a
-- fingerprint: an error gets a term without text, in whose place a registry puts the fingerprint (ledger/terms.py) or,
-- where the registry that recorded the error was an older one, ledger/term_filling.py a little later.
-- Connections of registries ask for generic plans; here such a plan would lock every partition of task_terms for each row.
CREATE FUNCTION note_changed_terms() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    -- For `|| ''` see term_name_errors.sql.
    IF OLD.labels IS DISTINCT FROM NEW.labels THEN
        DELETE FROM task_terms WHERE task_id = NEW.task_id AND kind || '' = 'label';
        INSERT INTO task_terms (task_id, kind, term)
        SELECT NEW.task_id, 'label', label_term(l.key, l.value)
        FROM jsonb_each_text(NEW.labels) AS l
        ON CONFLICT DO NOTHING;
    END IF;
    IF (OLD.task_status = 'failed') <> (NEW.task_status = 'failed') THEN
        DELETE FROM task_terms WHERE task_id = NEW.task_id AND kind || '' = 'error';
        INSERT INTO task_terms (task_id, kind, term)
        SELECT NEW.task_id, 'error', ''
        WHERE NEW.task_status = 'failed'
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

-- Of the statements of all releases only task_write sets labels, and only it moves tasks to and from `failed`; for those
-- of every task, which start and complete it, the trigger is not even looked at.
CREATE TRIGGER note_changed_terms AFTER UPDATE OF labels ON tasks FOR EACH ROW
WHEN (OLD.labels IS DISTINCT FROM NEW.labels OR (OLD.task_status = 'failed') <> (NEW.task_status = 'failed'))
EXECUTE FUNCTION note_changed_terms();
