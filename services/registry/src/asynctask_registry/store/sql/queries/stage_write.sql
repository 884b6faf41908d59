-- Store what events changed of stages. NULL progress and no checkpoint keep the stored ones; a completed stage stays
-- completed. The same transaction has locked the tasks.
-- @params task_ids stages statuses positions checkpoint_jsons checkpoint_raws results dones totals units messages
INSERT INTO task_stages AS s (
    task_id, stage, stage_status, end_time, position, checkpoint_json, checkpoint_raw, result,
    progress_done, progress_total, progress_unit, progress_message
)
SELECT
    w.task_id, w.stage, w.stage_status, CASE WHEN w.stage_status = 'completed' THEN now() END, w.position,
    w.checkpoint_json, w.checkpoint_raw, w.result, w.done, w.total, w.unit, w.message
FROM unnest(
    :task_ids::uuid[], :stages::text[], :statuses::text[], :positions::text::integer[],
    :checkpoint_jsons::text[], :checkpoint_raws::bytea[], :results::text[], :dones::float8[], :totals::float8[],
    :units::text[], :messages::text[]
) AS w (
    task_id, stage, stage_status, position, checkpoint_json, checkpoint_raw, result,
    done, total, unit, message
)
ON CONFLICT (task_id, stage) DO UPDATE
SET stage_status = CASE WHEN s.stage_status = 'completed' THEN s.stage_status ELSE excluded.stage_status END,
    end_time = coalesce(s.end_time, excluded.end_time),
    position = excluded.position,
    checkpoint_json = CASE
        WHEN excluded.checkpoint_json IS NULL AND excluded.checkpoint_raw IS NULL THEN s.checkpoint_json
        ELSE excluded.checkpoint_json
    END,
    checkpoint_raw = CASE
        WHEN excluded.checkpoint_json IS NULL AND excluded.checkpoint_raw IS NULL THEN s.checkpoint_raw
        ELSE excluded.checkpoint_raw
    END,
    result = coalesce(excluded.result, s.result),
    progress_done = coalesce(excluded.progress_done, s.progress_done),
    progress_total = CASE WHEN excluded.progress_done IS NULL THEN s.progress_total ELSE excluded.progress_total END,
    progress_unit = CASE WHEN excluded.progress_done IS NULL THEN s.progress_unit ELSE excluded.progress_unit END,
    progress_message = CASE WHEN excluded.progress_done IS NULL THEN s.progress_message ELSE excluded.progress_message END
