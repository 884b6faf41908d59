"""AsyncTask's registry: keeps every task in Postgres, and calls nobody.

- `__main__`, `settings`, `app`, `metrics`: the process. `app` is the only place that constructs.
- `api`: `LedgerService` over gRPC: decode, one call, encode.
- `ledger`: the commands and reads of tasks.
- `catalogue`: the kinds of tasks.
- `store`: Postgres.
"""
