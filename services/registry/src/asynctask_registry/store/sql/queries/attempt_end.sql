-- Note how attempts ended.
-- @params attempt_ids results failures low high
UPDATE task_execution_history AS h
SET end_time = now(),
    execution_result = w.result,
    failure = w.failure
FROM unnest(:attempt_ids::uuid[], :results::text[], :failures::text[]) AS w (attempt_id, result, failure)
WHERE h.history_id = w.attempt_id
    AND h.history_id = ANY (:attempt_ids)
    AND h.history_id BETWEEN :low AND :high
    AND h.end_time IS NULL
