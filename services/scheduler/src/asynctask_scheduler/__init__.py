"""AsyncTask's scheduler: orders tasks in Redis and hands them to executors. Everything it holds may be lost.

In the order in which a task meets them:

- `api`: what applications and executors call.
- `registry`: access to the registry, where everything is true. `checks`: configs against the schemas of their types.
- `pipeline`: writes of callers and executors, batched into commands of the registry, and what follows from the answers.
- `queue`: what is ready, leased and due, in Redis; `apply` is the only thing that changes it.
- `dispatch`: executors' streams: tasks down, events and progress up, leases kept alive.
- `feed`: what happens, as it happens, for those who watch.
- `maintenance`: the loops that bring everything back after a failure.
- `app` puts it together; `settings`, `metrics` and `health` are what operators see.
"""
