"""The asyncio code that the SDK and the servers share: both are clients that send commands over a stream.

- `cancellation`   whether a CancelledError is meant for the current task
- `command_stream` the client's end of a stream of small commands; `asynctask_chassis.command_streams` is the server's
"""
