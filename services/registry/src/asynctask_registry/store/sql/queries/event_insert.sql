-- Note what people did to a task.
-- @params task_id version kind detail
INSERT INTO task_events (task_id, time, version, kind, detail)
VALUES (:task_id::uuid, now(), :version::bigint, :kind::text, :detail::text)
