"""Embedded Postgres: fsync on, closed to other users, tuned for many small transactions on one machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from asynctask_standalone.stores.binaries import postgres_major, postgres_programs
from asynctask_standalone.stores.child import RETRY_SECONDS, EmbeddedStore
from asynctask_standalone.stores.errors import StoreError
from asynctask_standalone.stores.folder import sync_folder
from asynctask_standalone.stores.privileges import Launch, check_name, launch_for

USER = "asynctask"
DATABASE = "asynctask"
CREATE_SECONDS = 120.0
"""Longest time to create a cluster; on an idle machine it takes two seconds."""

SETTINGS: Mapping[str, str] = {
    # A commit that was acknowledged survives a power cut. These are the defaults, written out to be explicit.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "shared_buffers": "128MB",
    "wal_buffers": "16MB",
    # An embedded server has no replica, so its log need not serve one.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Rows are updated several times within seconds: fewer checkpoints write fewer full pages to the log.
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "10min",
    "random_page_cost": "1.1",
    # Short statements only; compiling them costs more than it saves.
    "jit": "off",
    # Hot tables leave many dead rows; small, frequent cleaning keeps their indexes short.
    "autovacuum_naptime": "15s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.05",
}


class EmbeddedPostgres(EmbeddedStore):
    """A Postgres server of our own; see `EmbeddedStore` for its life.

    The folder has `data` (the cluster), `password`, `postgres.log` and `lock`. The database and its superuser are both
    called asynctask.
    """

    name = "postgres"
    # Fast, immediate (like a crash, but orderly for the children), last resort.
    stop_signals = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
    passing_troubles = (
        *EmbeddedStore.passing_troubles,
        # Backends of a killed server are still ending.
        "pre-existing shared memory block",
        "is another postmaster",
    )

    def __init__(
        self,
        data_dir: Path | str,
        *,
        port: int = 0,
        programs: Path | None = None,
        settings: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare for `data_dir`.

        Args:
            programs: folder with `initdb` and `postgres`; default: the packaged ones, else the machine's.
            settings: configuration parameters over `SETTINGS`.
        """
        super().__init__(data_dir, port=port, env=env)
        self._programs = programs
        self._settings = {**SETTINGS, **(settings or {})}
        self._launch: Launch | None = None

    @property
    def cluster(self) -> Path:
        """Postgres' own data folder."""
        return self.data_dir / "data"

    @property
    def url(self) -> str:
        """Where to connect over TCP."""
        return self.url_of(DATABASE)

    @property
    def socket_url(self) -> str:
        """Where to connect over the Unix socket, which is a little faster."""
        return f"postgresql://{USER}:{self.folder.password()}@/{DATABASE}?host={self.folder.sockets()}&port={self.port}"

    def url_of(self, database: str) -> str:
        """Where to connect over TCP to another database of the server."""
        return f"postgresql://{USER}:{self.folder.password()}@127.0.0.1:{self.port}/{database}"

    async def _stop_stale(self) -> None:
        await super()._stop_stale()
        pid = self._stale_pid()
        if pid is None or not _is_alive(pid):
            return
        # The pid now belongs to another program, which Postgres would take for a running server, and refuse to start.
        # The file may be removed, but only after the last backend of the old server has ended: it guards against those.
        give_up = time.monotonic() + RETRY_SECONDS
        while _works_in(self.cluster):
            if time.monotonic() > give_up:
                raise StoreError(f"processes of an earlier server still work in {self.cluster}")
            await asyncio.sleep(0.1)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _prepare(self) -> None:
        programs = self._programs or postgres_programs()
        major = postgres_major(programs)
        self._launch = launch_for(programs, self.cluster)
        if not (self.cluster / "PG_VERSION").exists():
            self._create_cluster(self._launch)
        made_by = (self.cluster / "PG_VERSION").read_text().strip()
        if made_by != str(major):
            raise StoreError(
                f"{self.cluster} was made by Postgres {made_by}, but {programs} has {major}: "
                f"use version {made_by}, or choose another folder"
            )
        self._launch.own(self.cluster)
        self._launch.own(self.folder.sockets())

    def _create_cluster(self, launch: Launch) -> None:
        """Make the cluster and its database under another name, then rename: a crash leaves no half-made cluster."""
        check_name()
        draft = self.data_dir / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        launch.own(draft)
        password = self.folder.path / "password"
        self.folder.password()
        launch.own(password)  # initdb reads it
        self._run(
            launch.command(
                "initdb",
                *("-D", str(draft), "-U", USER, "-E", "UTF8", "--locale=C.UTF-8"),
                *("-A", "scram-sha-256", "--pwfile", str(password)),
            )
        )
        self._run(
            launch.command("postgres", "--single", "-D", str(draft), "postgres"),
            script=f"CREATE DATABASE {DATABASE}\n",
        )
        draft.rename(self.cluster)
        sync_folder(self.data_dir)

    def _run(self, command: list[str], script: str = "") -> None:
        env = os.environ | {"LC_ALL": "C"} | self._env
        code, said = self._helpers.run(command, script=script, env=env, timeout_s=CREATE_SECONDS)
        if code != 0:
            raise StoreError(f"{' '.join(command)} failed:\n{said}")

    def _command(self) -> list[str]:
        assert self._launch is not None
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        sockets = str(self.folder.sockets())
        return self._launch.command(
            "postgres", "-D", str(self.cluster), "-p", str(self.port), "-k", sockets, *options
        )

    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        # What pg_ctl looks at: the pid in line 1, the status in line 8.
        lines = self._pid_file()
        return len(lines) >= 8 and lines[0].strip() == str(process.pid) and lines[7].strip() == "ready"

    def _stale_pid(self) -> int | None:
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _pid_file(self) -> list[str]:
        with contextlib.suppress(OSError):
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        return []

    def _is_ours(self, command_line: Sequence[str]) -> bool:
        return str(self.cluster) in command_line


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _works_in(folder: Path) -> bool:
    """Whether any process has `folder` as its working folder, as all of a Postgres server's have (Linux)."""
    for process in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if process.readlink() == folder:
                return True
    return False
