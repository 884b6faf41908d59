"""AsyncTask on one machine: the asynctask command line and all services with embedded stores.

- `cli`        the command line; `installed`: which version of it is installed
- `supervisor` runs all services, and keeps them running
- `stores`     Postgres and Redis as supervised processes
- `demo`       a backup on a throw-away cluster, with an executor killed half-way
"""
