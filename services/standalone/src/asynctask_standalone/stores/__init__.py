"""Real stores for one machine: Postgres and Redis as supervised child processes, with nothing to install or configure.

- `postgres`, `redis`: `start` gives a URL; data stays in a folder; ports are free or given ones. A password, made once
  and kept in the folder, keeps other users of the machine out.
- `child`: what both share: a child process, its restart, and stopping a server that a killed owner left behind.
- `folder`: one owner per folder, the password, the log, the socket. `processes`: what the standard library lacks.
- `binaries`: where the servers' programs are: our optional dependencies, else what the machine has.
- `errors`: the one error of this package.
- `abandoned`: work of a start that runs in threads and that Ctrl-C ends.
- `privileges`: Postgres refuses to run as root, so under root it runs as nobody, without opening any folder to others.

They run on Linux and macOS. A store that ends is restarted by its owner with `start`: same port, same data.
"""
