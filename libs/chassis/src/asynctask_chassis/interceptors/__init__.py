"""Interceptors of every server, outermost first: `telemetry` counts status codes, `errors` turns exceptions into
statuses, `bounds` refuses requests that exceed a bound, `deadline` bounds the time.

`standard` puts them together; `wrapping` is their base: a handler is wrapped once per method, not once per call.
"""
