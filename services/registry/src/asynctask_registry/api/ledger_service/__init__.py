"""LedgerService, the registry's one service: decode, one call, encode. Every answer comes after the commit.

- `hot_methods`        creation, starts, events, progress: what every task needs
- `lease_methods`      attempts that the scheduler ends, and where tasks belong in Redis
- `command_methods`    commands of people and programs
- `read_methods`       tasks, attempts, events
- `content_methods`    log lines, manifests
- `count_methods`      counts of tasks, and curves over time
- `catalogue_methods`  task types, the store
- `checks`             checks that several of them share
"""
