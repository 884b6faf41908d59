-- Which of some tasks meet the conditions.
-- @params task_ids task_types states queue has_warnings labels label text text_id low high
SELECT task_id
FROM tasks
WHERE task_id = ANY (:task_ids::uuid[])
    AND task_id BETWEEN :low AND :high
    AND {matches}
