"""AsyncTask's scheduler: orders tasks in Redis and assigns them to executors. It keeps no data that cannot be rebuilt.

In the order in which a task meets them:

- `api`: the gRPC services for applications and executors.
- `registry`: access to the registry, the source of truth. `checks`: checks configs against the schemas of their types.
- `pipeline`: batches writes of callers and executors into commands of the registry, and applies the answers.
- `queue`: ready tasks, leases and timers in Redis.
- `dispatch`: executors' streams: sends tasks, receives events and progress, renews leases.
- `feed`: live changes of tasks for watchers.
- `maintenance`: the loops that repair everything after a failure. `store_probe`: whether Redis accepts writes.
- `health`: how the cluster is, for operators.
- `app` constructs and starts all of it; `settings` and `metrics` are for operators, too.
"""
