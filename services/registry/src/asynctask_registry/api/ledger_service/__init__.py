"""LedgerService, the registry's one service: decode, one call, encode. Every answer comes after the commit.

- `hot_methods`        creation, starts, events, progress: what every task needs
- `lease_methods`      ends of attempts from outside, and where tasks belong
- `command_methods`    commands of people and programs
- `read_methods`       tasks, attempts, events
- `content_methods`    log lines, manifests
- `catalogue_methods`  task types, the store
- `checks`             what several of them check
"""
