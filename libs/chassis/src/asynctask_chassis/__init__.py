"""What the servers share, so that each service holds only its own subject.

In the order in which a starting service meets them:

- `settings`: one frozen dataclass per service, read once from `ASYNCTASK_<SERVICE>_*`; their types
  are in `setting_types`, and `quantities` spells "15s" and "4MiB".
- `supervision`: background tasks whose failure is said in the log.
- `logs`: structlog JSON on stderr, with the standard library's records in the same stream.
- `service_runner`: the main function of a service: start, ready line, SIGTERM, drain within a grace period, exit code.
  `streams`: standard streams that are closed, full, or without a reader.
- `metrics`, `exporter`: the metrics that every service has, and `/metrics` with `/healthz` over plain HTTP.
- `server`, `channel`, `tls`: both ends of a gRPC connection with keepalive, limits, health and reflection.
- `arrivals`, `patience`: what waits for a peer's first message, or until a peer reads, does so for a bounded time.
- `connections`: which connections a server closes, so that no host takes all of them.
- `interceptors`: rich error statuses, call metrics and deadlines around every handler.
- `command_streams`: small commands over one stream, where a call of their own would take longest for the call itself.
- `loop`: the one skeleton of every periodic loop.
- `batch`: group commit for hot paths.
"""
