"""The one place where a task that exists changes its state.

Start, events, ends and people's commands translate a request into commands of the life cycle, and the outcome into an
answer. This package does everything between, for any number of tasks at once: lock the rows in the order of their ids,
let the pure life cycle decide, apply the effects of a decision on other tasks, write once, return every standing that
changed. The set-based statements of the hot paths (create, start, complete) have guards that leave every unusual case
to this package.

- `transition`  lock, decide, apply the effects, write: one transaction
- `open_task`   one task while commands are applied to it
- `moves`       what a change counts as in counts and curves
- `writing`     the statements that write tasks, attempts and history back
"""
