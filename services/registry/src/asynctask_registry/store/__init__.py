"""Postgres: connections, statements and schema. Nobody else in the registry knows the driver.

- `migrate`: brings the schema up to date; `sql/migrations` are its steps.
- `partitions`: a partition a day, ahead of time.
- `pool`: dedicated connections, work within a deadline, conflicts repeated.
- `pool_share`: a part of a pool's connections, for work that comes in masses or takes long.
- `statements`: one file of `sql/queries` each, parameters by name.
- `codecs`: ids are 16 bytes and times microseconds, in Postgres' binary format.
- `faults`: what Postgres says, in words of ours.
"""
