"""Embedded Redis (in fact Valkey, which is compatible): append-only file, closed to other users, never evicting."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from asynctask_standalone.stores.binaries import redis_program
from asynctask_standalone.stores.child import EmbeddedStore

SETTINGS: Mapping[str, str] = {
    "bind": "127.0.0.1",
    "daemonize": "no",
    # Keep the command line as it was given: `_is_ours` recognises a server that was left behind by it.
    "set-proc-title": "no",
    "logfile": "",
    "loglevel": "notice",
    "unixsocketperm": "700",
    "timeout": "0",
    "tcp-keepalive": "30",
    # An evicted key could be a lost lease.
    "maxmemory-policy": "noeviction",
    # Postgres is the source of truth, and Redis is rebuilt from it, so Redis may lose one second of writes.
    "appendonly": "yes",
    "appendfsync": "everysec",
    "no-appendfsync-on-rewrite": "yes",
    "save": "",
}


class EmbeddedRedis(EmbeddedStore):
    """A Redis server of our own; see `EmbeddedStore` for its life."""

    name = "redis"
    stop_signals = (signal.SIGTERM, signal.SIGKILL)

    def __init__(
        self,
        data_dir: Path | str,
        *,
        port: int = 0,
        program: Path | None = None,
        settings: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare for `data_dir`.

        Args:
            program: a redis-server or valkey-server of 7.0 or later; default: the packaged one, else the machine's.
            settings: configuration parameters over `SETTINGS`.
        """
        super().__init__(data_dir, port=port, env=env)
        self._program = program
        self._settings = {**SETTINGS, **(settings or {})}

    @property
    def url(self) -> str:
        """Where to connect over TCP: database 0."""
        return self.url_of(0)

    @property
    def socket_url(self) -> str:
        """Where to connect over the Unix socket."""
        return f"unix://:{self.folder.password()}@{self._socket()}?db=0"

    def url_of(self, database: int) -> str:
        """Where to connect over TCP to one of the numbered databases."""
        return f"redis://:{self.folder.password()}@127.0.0.1:{self.port}/{database}"

    @property
    def _config(self) -> Path:
        return self.data_dir / "redis.conf"

    def _socket(self) -> Path:
        return self.folder.sockets() / "redis.sock"

    def _prepare(self) -> None:
        self._program = self._program or redis_program()

    def _command(self) -> list[str]:
        # A file, not arguments: every user of the machine can read arguments, and the password is a setting.
        settings = {
            **self._settings,
            "port": str(self.port),
            "dir": str(self.data_dir),
            "pidfile": str(self.data_dir / "redis.pid"),
            "unixsocket": str(self._socket()),
            "requirepass": self.folder.password(),
            "masterauth": self.folder.password(),
        }
        self._config.touch(mode=0o600)
        self._config.write_text("".join(f"{name} {_quoted(value)}\n" for name, value in settings.items()))
        return [str(self._program), str(self._config)]

    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1.0)
            connection.connect(str(self._socket()))
            connection.sendall(f"AUTH {self.folder.password()}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                received = connection.recv(256)
                if not received:
                    return False
                answer += received
            return answer.endswith(b"+PONG\r\n")  # while Redis loads its file it answers -LOADING
        return False

    def _stale_pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError):
            return int((self.data_dir / "redis.pid").read_text())
        return None

    def _is_ours(self, command_line: Sequence[str]) -> bool:
        return str(self._config) in command_line


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
