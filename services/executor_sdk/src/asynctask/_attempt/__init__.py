"""An attempt, as the executor and the handler use it.

- `attempt` `stop`  what this process holds, and why a handler is stopped
- `clock`           time for leases
- `lines`           what it has logged
- `pending_warnings` warnings that no event or chunk has taken yet
- `executor_tasks`  asyncio tasks of the executor, apart from those of handlers
"""
