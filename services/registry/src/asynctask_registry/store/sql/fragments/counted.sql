-- How many tasks there are by type and state: rows to sum. Folded counts, and moves that are not folded yet.
SELECT task_type, task_status, tasks
FROM task_counts
UNION ALL
SELECT task_type, task_status, tasks
FROM task_moves
WHERE task_status IS NOT NULL
UNION ALL
SELECT task_type, former_status, -tasks
FROM task_moves
WHERE former_status IS NOT NULL
