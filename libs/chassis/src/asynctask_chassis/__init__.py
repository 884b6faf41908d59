"""Code that all servers share, so that each service has only its own subject.

In the order in which a starting service meets them:

- `settings`: one frozen dataclass per service, read once from `ASYNCTASK_<SERVICE>_*`; their types
  are in `setting_types`, rules between two of them in `setting_rules`, and `quantities` spells "15s" and "4MiB".
- `supervision`: logs the failure of background tasks.
- `waiting`: logs what a starting service waits for; `store_watch`: reports whether its store accepts writes.
- `logs`: structlog JSON on stderr, with the standard library's records in the same stream.
- `service_runner`: the main function of a service: start, ready line, SIGTERM, drain within a grace period, exit code.
  `streams`: handles standard streams that are closed, full, or without a reader.
- `metrics`, `exporter`: the metrics that every service has, and `/metrics` with `/healthz` over plain HTTP.
- `server`, `channel`, `tls`: both ends of a gRPC connection with keepalive, limits, health and reflection.
- `arrivals`, `patience`: bound the wait for a peer's first message, and for a peer that does not read.
- `connections`: closes connections, so that no host takes all of them.
- `joined_servicer`: makes one gRPC service of several classes.
- `interceptors`: rich error statuses, call metrics and deadlines around every handler.
- `command_streams`: small commands over one stream, since a unary call would take longer than the command itself.
- `loop`: the one skeleton of every periodic loop.
- `replica_report`, `drift_record`: what a replica says of itself in reports of health.
- `batch`: group commit for hot paths.
"""
