"""Postgres: connections, statements and schema. No other package of the registry uses the driver.

- `migrate`: brings the schema up to date; `sql/migrations` are its steps.
- `partitions`: makes one partition per day, in advance; it drops none.
- `pool`: dedicated connections; work within a deadline, repeated after conflicts.
- `pool_share`: a part of a pool's connections, for work that is frequent or slow.
- `statements`: one file of `sql/queries` each, parameters by name.
- `codecs`: ids are 16 bytes and times microseconds, in Postgres' binary format.
- `faults`: errors of Postgres as errors of AsyncTask.
- `probe`: whether Postgres accepts writes.
"""
