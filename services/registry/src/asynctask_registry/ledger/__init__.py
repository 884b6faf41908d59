"""What is true of every task: commands, each committed before it is answered, and reads.

In the order in which a task meets them:

- `create`: inserts, shared by concurrent submits, idempotent by id and request id.
- `start`: queued to running, the only way to start a task that exists; `eager_start`: created as running.
- `record`: executors' events; `completion` is the set-based path of most outcomes, `folding` that of everything else,
  `refusals` what becomes of content that Postgres refuses.
- `progress`, `logs`, `manifest`: what a running stage keeps beside its events; `manifest_changes` and `item_results`
  are what a chunk of a manifest changes.
- `end`: attempts ended from the scheduler's side.
- `command`: what people do to one task; `command_wire` reads it out of its message.
- `standings`, `dispatchable`: where tasks stand, for repair and rebuild.
- `reads`, `listing`, `changes`: tasks for people and watchers; `story` tells what happened to one.

Under them: `transition` (the one place where a task that exists changes its state), `facts` (rows and what the life
cycle knows of them), `stages` (what is kept of stages), `stage_names` (how many there may be), `task_warnings`
(what their handlers warned of), `bisect` (one bad item never spoils a batch).
"""
