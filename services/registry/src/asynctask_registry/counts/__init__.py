"""Counts of tasks by type and state, and curves over time: the same cost at 10 and at 10,000,000 tasks.

A transaction that changes tasks appends to `task_moves` what its changes count as (`ledger/transition/moves`, and the
statements of the hot paths). It updates no counter, so no two transactions wait for one row.

- `folding`: runs `move_fold.sql`, which adds moves to `task_counts` and `task_series`.
- `recount`: counts the tasks of one type after another, and corrects counts that differ.
- `overview`, `series`: what people read; both add the moves that are not folded yet, so counts are exact.
- `durations`: percentiles from the classes that durations are kept in.
"""
