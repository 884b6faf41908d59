"""Executors: their streams, what they are given, what they say.

In the order in which an executor meets them:

- `handshake`: checks an executor's Hello and opens its session; leases of earlier ones are taken over or given back.
- `sessions`: every stream that is open here.
- `session`: one stream: what comes up, what goes down. `event_intake`: what comes up, checked.
- `slot_account`: which attempts hold the session's slots, and news of work for free ones.
- `stream_outbox`: what waits to go down one stream, gathered into few messages.
- `dispatcher`: pops tasks for free slots, has them started, hands them over. `spare_ids`: attempt ids for that.
- `eager_start`: leases tasks to an idle executor while they are being created.
- `listener`: takes the hints of all replicas to the sessions of this one.
- `renewals`: keeps leases alive.
- `progress`: live progress, coalesced, rated, kept.
"""
