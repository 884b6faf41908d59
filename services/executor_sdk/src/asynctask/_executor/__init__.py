"""The process that runs tasks.

- `executor` `executor_run` `signals` one run from its start to its drain
- `session` `outbox` `progress`  the stream to the scheduler: events until acknowledged, latest progress
- `calls` `logs`                 what goes up in calls of its own
- `lease` `fence` `loop_heartbeat` renewals, and stopping handlers in time when they fail
- `last_resort`                  the end of the process when they do not stop
- `own_loop`                     where `run` runs it, also where uvloop is installed
- `garbage`                      how often its process looks for garbage
- `left_threads` `left_tasks`    its own end, whatever handlers have left running
- `loop_watch`                   says when a handler blocks the event loop, and where
- `terminal` `work_log`          how it all looks in the executor's own log: what starts, ends and fails
- `runner` `stage_timeout`       an attempt's stages one after another, each within its timeout
- `reaction`                     says when a handler does not react to a pause or a cancel
"""
