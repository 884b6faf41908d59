"""The life cycle of a task: one pure function from the facts of a task and a command to a decision.

No I/O and no clock: `now_us` is Postgres' time of the transaction, `draw` a random number from the caller. The registry
writes the decision under the task's row lock (`ledger/transition`). The set-based SQL of the hot transitions
(start, complete) has the same guards, and a test proves that both agree on every pair of state and command.

- `decide`       the entry point: passes a command to one of the next two
- `by_attempts`  what executors and the scheduler report of an attempt
- `by_people`    people's commands, and what each decides
- `waiting`      what a task that does not run waits for
- `decision`     the answer: new facts, and commands for other tasks
- `standing`     where a task belongs in Redis, by its facts
"""
