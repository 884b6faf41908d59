"""The one place where a task that exists changes its state.

Start, events, ends and people's commands translate a request into commands of the life cycle, and the outcome into an
answer. Everything between is done here, for any number of tasks at once: lock the rows in the order of their ids, let
the pure life cycle decide, carry out what a decision means for other tasks, write once, answer every standing that
changed. The set-based statements of the hot paths (create, start, complete) have guards that leave everything unusual
to this package.

- `transition`  lock, decide, follow the effects, write: one transaction
- `open_task`   one task while commands are applied to it
- `writing`     the statements that write tasks, attempts and history back
"""
