"""What happens, as it happens. Hints only: listeners also look into the registry, at first and after each gap.

- `hints`: the port of the channels between replicas.
- `hub`: one subscription of this replica, dealt to its watchers.
- `subscriber`: what one watcher has not looked at yet, coalesced.
- `live`: live progress laid over a task that was read from the registry.
"""
