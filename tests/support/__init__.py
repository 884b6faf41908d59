"""What tests of several parts share: real stores, real processes, faults, and waiting for conditions.

- `stores`: one Postgres and one Redis per test session, a fresh database for each test, old versions where installed.
- `redis_topologies`: a three-node Redis Cluster, and a primary with replica and Sentinels.
- `processes`: services as child processes that are killed, stopped and started again on their port.
- `faults`: a TCP proxy that cuts, holds and delays. `replies`: a gRPC proxy that eats replies.
- `clocks`: a clock that jumps, for a child process.
- `conditions`: `eventually`, instead of sleeping and hoping. `promptness`: what a busy machine may be late with.
- `ports`: a port stays a test's own while its server is down.

The fixtures are in `tests/conftest.py`.
"""
