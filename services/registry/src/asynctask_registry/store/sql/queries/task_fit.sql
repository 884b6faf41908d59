-- Which of some tasks meet the conditions. Without OFFSET, the conditions could lead along another index, from end to end.
-- @params task_ids task_types states queue has_warnings labels label text named_id named_value low high
SELECT task_id
FROM (
    SELECT task_id, {matches} AS fits
    FROM tasks
    WHERE task_id = ANY (:task_ids::uuid[])
        AND task_id BETWEEN :low AND :high
    OFFSET 0
) AS named
WHERE fits
