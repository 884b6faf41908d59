"""Runs the whole cluster on one machine and keeps it running.

In the order in which a start visits them:

- `folder`: the data folder and its lock. `leftovers`: services of a killed supervisor. `ports`: who listens where.
- `cluster`: which parts there are, the order of start and stop. `settings_check`: mistakes in the services' settings.
- `part`: what a part is to the supervisor; `store` (an embedded Postgres or Redis) and `program` (one of our services)
  are the two kinds; `migration` brings the tables up to date before the registry starts.
- `keeper`: starts a part again, with back-off, when it ends or falls silent.
- `notices`, `telling`: what people are told of all this, on a terminal that may be gone.
- `logfile`, `processes`: files that children write to, and proofs of who a process is.
"""
