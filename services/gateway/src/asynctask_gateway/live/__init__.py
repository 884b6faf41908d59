"""Streams of the scheduler as server-sent events.

- `frames`   the text of an event, and of a heartbeat
- `endpoint` one event stream, from its request to its end
"""
