"""Executors: their streams, the tasks that they are given, the events that they send.

In the order in which an executor meets them:

- `handshake`: checks an executor's Hello and opens its session; leases of earlier ones are taken over or given back.
- `sessions`: every stream that is open here; decides which tasks may start eagerly, and at which executor.
- `session`: one stream, in both directions. `event_intake`: checks the events that it receives.
- `slot_account`: which attempts hold the session's slots; wakes the session when there may be work for free slots.
- `stream_outbox`: messages to one executor that are not sent yet, merged into few.
- `dispatcher`: pops tasks for free slots, has them started, delivers them. `spare_ids`: attempt ids for that.
- `eager_start`: has tasks leased to an idle executor while they are being created, and delivers them.
- `listener`: passes the hints of all replicas to the sessions of this one.
- `renewals`: keeps leases alive; `renewal_record`: how late renewals were within the last hour.
- `progress`: live progress: keeps the latest of each task, with its rate (`asynctask_core.progress`), publishes and
  stores it.
- `signs_of_life`: when each executor was last heard of.
"""
