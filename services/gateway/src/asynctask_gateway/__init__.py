"""The gateway: REST, live events and the web console, for browsers and for programs without gRPC.

It keeps nothing of its own: another replica can learn the same from the scheduler. A request passes these packages:

- `edge`  HTTP itself: server, request ids, Host and Origin, token and session, headers, limits
- `rest`  calls of the scheduler as paths, made from the annotations of the contracts; OpenAPI
- `live`  streams of the scheduler as server-sent events

`console_files` serves the web console, which is built from `services/gateway/console` into `console/`.

`app` constructs them, `problems` are errors as problem documents (RFC 9457), `settings` the settings, `own_addresses`
under which names it is reached, `metrics` its own metrics.
"""
