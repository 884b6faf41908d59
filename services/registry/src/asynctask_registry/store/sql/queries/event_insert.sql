-- Note what people did to tasks.
-- @params task_ids versions kinds details
INSERT INTO task_events (task_id, time, version, kind, detail)
SELECT w.task_id, now(), w.version, w.kind, w.detail
FROM unnest(:task_ids::uuid[], :versions::text::bigint[], :kinds::text[], :details::text[])
    AS w (task_id, version, kind, detail)
