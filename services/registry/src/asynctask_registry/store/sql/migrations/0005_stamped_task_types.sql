-- Stamp every change of a task type, also one by a registry of an older release that runs beside newer ones: it stamps
-- nothing, and readers of changes would never see what it wrote. For it a deleted type that is declared anew is a row
-- like any other, so the deletion ends here as well.
CREATE FUNCTION stamp_task_type() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.change_xid := pg_current_xact_id();
    IF OLD.deleted_at IS NOT NULL AND NEW.definition <> OLD.definition THEN
        NEW.deleted_at := NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER stamp_task_type BEFORE UPDATE ON task_types FOR EACH ROW EXECUTE FUNCTION stamp_task_type();
