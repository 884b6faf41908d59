-- Drop the progress of stages whose next attempt begins them again: these have no checkpoint, and their task has no list
-- of items. The same transaction has locked the tasks.
-- @params task_ids low high
UPDATE task_stages AS s
SET progress_done = NULL, progress_total = NULL, progress_unit = NULL, progress_message = NULL
WHERE s.task_id = ANY (:task_ids::uuid[])
    AND s.task_id BETWEEN :low AND :high
    AND s.stage_status = 'running'
    AND s.progress_done IS NOT NULL
    AND s.checkpoint_json IS NULL
    AND s.checkpoint_raw IS NULL
    AND s.task_id <> ALL (ARRAY(
        SELECT m.task_id FROM task_manifests AS m
        WHERE m.task_id = ANY (:task_ids) AND m.task_id BETWEEN :low AND :high
    ))
