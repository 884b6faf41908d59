"""The `asynctask` command line.

`app` puts the commands together; each module of commands is a thin layer over the SDK's client: `submit`, `tasks`
(get, list, attempts, items, events), `control` (pause to delete), `follow` (watch, logs), `cluster` (types, executors,
drain, queues), `doctor`, `executor` and `up`. They share `options`, `connection` (the client), `knock` (is anybody
there?), `exits` (what exit codes mean), `output` (consoles, tables, JSON), `unserved` (tasks that no executor runs),
`show` (one task for people), `kinds` (one task type for people), `live` and `steady` (progress bars that do not step
back), `completion` (what TAB offers) and `help` (how help pages look).

Nothing here imports grpc when it is loaded, so that help and completion answer at once.
"""
