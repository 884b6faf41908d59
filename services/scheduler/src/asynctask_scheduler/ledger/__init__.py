"""What is true comes from here: the registry's commands, in batches, and what follows from their answers.

In the order in which a task visits them:

- `client`: the registry, one method a call. `line`: its stream for small commands.
- `catalogue`: the task types, cached; `schemas`: their config schemas, compiled.
  `config_checks`: configs checked by them, here, or in a process (`schema_processes`, `schema_process`) where
  `schema_cost` finds no bound; `turns`: one at a time of each type, or connection.
- `submit`: submits of concurrent callers share `CreateTasks`; an intent in Redis bridges commit and apply.
- `intents`: what a call was about to change, should it never come back.
- `starter`: leases of all sessions share `StartAttempts`.
- `ender`: leases are given back with `EndAttempts`.
- `buffer`: executors' events share `RecordEvents`, in order, and their acknowledgements find their way back.
  `delivery`: what a stream hands over; `stuck`: events at which the registry fails.
- `commander`: pause, resume, cancel, restart, delete, update, with their intents.
- `applier`: the standings of every answer go to the one apply function, in the background.
"""
