-- Note what people did to tasks.
-- @params task_ids versions kinds details request_ids actors
INSERT INTO task_events (task_id, time, version, kind, detail, request_id, actor)
SELECT w.task_id, now(), w.version, w.kind, w.detail, w.request_id, w.actor
FROM unnest(
    :task_ids::uuid[], :versions::text::bigint[], :kinds::text[], :details::text[], :request_ids::text[], :actors::text[]
) AS w (task_id, version, kind, detail, request_id, actor)
