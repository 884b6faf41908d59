"""Changes of tasks as they happen. Only hints: watchers also read the registry, at first and after each gap.

- `hints`: the port of the channels between replicas.
- `hub`: one subscription of this replica, distributed to its watchers.
- `subscriber`: hints that one watcher has not handled yet, coalesced.
- `live`: puts live progress into a task that was read from the registry.
"""
