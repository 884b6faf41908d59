"""Runs the whole cluster on one machine and keeps it running.

In the order in which a start visits them:

- `folder`: the data folder and its lock. `leftovers`: services of a killed supervisor. `ports`: the parts' ports.
- `cluster`: the order in which parts start and stop. `plan`: their addresses, settings and files. `settings_check`:
  mistakes in the services' settings.
- `part`: the interface of a part; `store` (an embedded Postgres or Redis) and `program` (one of our services) implement
  it; `migration` brings the tables up to date before the registry starts.
- `keeper`: starts a part again, with back-off, when it ends or stops answering.
- `notices`, `telling`: messages to people about all this, on a terminal that may be gone.
- `logfile`, `processes`: log files of the children, and process ids that cannot be mistaken.
"""
