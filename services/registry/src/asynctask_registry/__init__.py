"""AsyncTask's registry: stores every task in Postgres, and calls no other service.

- `__main__`, `settings`, `app`, `metrics`: the process. `app` is the only place that constructs objects.
- `api`: `LedgerService` over gRPC: decode, one call, encode.
- `ledger`: the commands and reads of tasks.
- `catalogue`: the task types.
- `counts`: tasks by type and state, and curves over time.
- `store`: Postgres.
"""
