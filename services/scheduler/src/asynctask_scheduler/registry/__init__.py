"""Access to the registry, the source of truth: calls, the command stream, and the cached task types.

- `client`          the registry, one method per call; deadlines, and errors of the catalogue
- `answers_of_0_2` what registries of 0.2 cannot answer, told from what they can
- `commands_of_0_1` commands in the form that registries of 0.1 read
- `call_errors`     what a failed call means: whether the command may have been executed
- `command_stream`  a stream for small commands: a unary call would take longer than the command itself
- `type_catalogue`  the task types, cached, so that a submit needs no call for a known type
"""
