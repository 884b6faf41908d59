"""The process that runs tasks.

- `executor` `executor_run` `signals` one run from its start to its drain
- `session`                      the stream to the scheduler: opened, read, written, and opened again after a pause
- `outbox` `progress`            what goes up that stream: events until they are acknowledged; the latest progress
- `calls` `logs`                 unary calls to the scheduler: manifests, log lines
- `renewer` `fence` `loop_heartbeat` renewals; when they fail, the fence stops the handlers in time
- `last_resort`                  the end of the process when handlers do not stop
- `own_loop`                     the asyncio loop of `run`, even if uvloop is installed
- `garbage`                      how often the process collects garbage
- `left_threads` `left_tasks`    the process ends although handlers have left threads or tasks running
- `loop_watch`                   logs when a handler blocks the event loop, and where
- `terminal` `work_log`          the executor's own log: its format, and lines about what starts, ends and fails
- `runner` `stage_timeout`       an attempt's stages one after another, each within its timeout
- `reaction`                     logs when a handler does not react to a pause or a cancel
"""
