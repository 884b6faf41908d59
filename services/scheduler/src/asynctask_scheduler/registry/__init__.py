"""Access to the registry, where everything is true: calls, the stream for small commands, and the cached task types.

- `client`          the registry, one method a call; deadlines, and errors of the catalogue
- `call_errors`     what a failed call means: whether the command may have been carried out
- `command_stream`  the stream for small commands, where the call itself would take longest
- `type_catalogue`  the task types, cached: a submit asks no store for what it has seen before
"""
