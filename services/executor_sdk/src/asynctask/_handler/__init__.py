"""What a handler works with, and where it runs.

- `context` `checkpoint`              the first argument of every handler
- `manifest` `items` `todo`           a stage's list of items, kept by the platform
- `item_scope`                        the item that a handler works on now
- `item_run` `chunks` `open_chunk`    how its changes are sent
- `appended_items` `item_columns`     items that need not be read back from the stores
- `handler_link`                      what all these call: a session, or memory in `asynctask.testing`
- `handlers` `threads`                calling one on the event loop, in a thread or process
- `description` `failures`            what its exception says, even if the exception's own code fails
- `guarded_log`                       a log line that cannot be written does no other harm
- `time_limit`                        code that may never end
- `containment`                       code that it leaves on the event loop harms its own task only
- `unawaited`                         calls of its context that it forgot to await
- `interrupts`                        exceptions that signals raise in its code belong to the program
- `port` `thread_context` `thread_manifest` the same for handlers in threads and processes, without `await`
- `handler_process` `guard` `process_table` `process_end`  the process of one, and the guard that ends what it started
- `process` `process_child` `process_messages` `pipe_port` handlers in processes of their own
"""
