"""The record of every task: commands, each committed before the registry answers it, and reads.

In the order in which a task needs them:

- `create`: inserts, shared by concurrent submits, idempotent by id and request id.
- `start`: queued to running, the only way to start a task that exists; `eager_start`: created as running.
- `record`: executors' events; `completion` is the set-based path of most outcomes, `folding` that of everything
  else: it decides whether an event is the next one, a duplicate, or behind a gap;
  `refusals` records content that Postgres refuses.
- `progress`, `logs`, `manifest`: what a running stage stores beside its events; `manifest_changes` and `item_results`
  apply one chunk of a manifest, and `manifest_pages` reads its items.
- `end`: attempts that the scheduler ends.
- `command`: people's commands for one task; `command_wire` reads a command from its message.
- `standings`, `dispatchable`: where tasks belong in Redis, for repair and rebuild.
- `reads`, `listing`, `changes`: tasks for people and watchers; `story` lists what happened to one task.
- `conditions`, `walk_choice`, `walking`: what a list looks for, and along which index it finds that.
- `failure_groups`: failed tasks by the kind of their error.

Used by them:

- `transition`: the one place where a task that exists changes its state; `facts`: task rows as facts of the life cycle.
- `stages`: rows of stages; `stage_names`: how many stages a task may have; `stage_views`: stages as people see them.
- `terms`: labels, queues and errors as lists find them; `term_filling`: those of the tasks of an older release.
- `failures`, `task_warnings`: errors and warnings of handlers as they are stored.
- `fitting`: leaves out of an answer what would make it too large; `bisect`: keeps one bad item from failing a batch.
- `deleted_types`: refuses or holds tasks whose type is deleted.
- `housekeeping`: deletes, in the background, rows that cannot be read any more; never tasks.
- `ledger`: constructs the parts of this package.
"""
