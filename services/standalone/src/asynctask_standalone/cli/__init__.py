"""The `asynctask` command line.

`app` puts the commands together; each module of commands is a thin layer over the SDK's client: `submit`, `tasks`
(get, list, attempts, items, events), `control` (pause to delete), `follow` (watch, logs), `cluster` (types, executors,
drain, queues), `doctor`, `executor` and `up`. They share `options`, `connection` (the client), `exits` (what exit codes
mean), `output` (consoles, tables, JSON), `show` (one task for people) and `live` (progress bars).

Nothing here imports grpc when it is loaded, so that help and completion answer at once.
"""
