"""An embedded store as a part of the cluster."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from asynctask._supervision import supervised
from asynctask_standalone.stores.child import EmbeddedStore
from asynctask_standalone.stores.errors import StoreError
from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.stores.redis import EmbeddedRedis
from asynctask_standalone.supervisor.part import StartFailed, how_it_ended
from asynctask_standalone.supervisor.ports import PortBook, is_free

ANSWER_WITHIN_S = 5
FOLLOW_EVERY_S = 0.25
NEEDED_BYTES = 16 << 20
"""With less free space than this, a full disk is the likely reason why a store does not start: Postgres allocates its
log in files of this size.
"""

# A client that asks for encryption: any server answers with one byte, and writes nothing about it into its log.
_POSTGRES_QUESTION = bytes.fromhex("0000000804d2162f")
_REDIS_QUESTION = b"PING\r\n"


class StorePart:
    """Makes an embedded store a part. The store itself handles its files, passwords and stale servers."""

    def __init__(
        self,
        make: Callable[[int], EmbeddedStore],
        *,
        ports: PortBook,
        question: bytes,
        kill_signal: signal.Signals,
        logs: Path,
        echo: Callable[[bytes], None] | None,
    ) -> None:
        self._make = make
        self._ports = ports
        self._store = make(0)
        self._question = question
        self._kill_signal = kill_signal
        self._logs = logs
        self._echo = echo
        self._follower: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self._store.name

    @property
    def pid(self) -> int | None:
        return self._store.pid if self._store.is_running else None

    async def start(self) -> str:
        self._link_log()
        if self._echo and self._follower is None:
            self._follower = supervised(
                asyncio.create_task(_follow(self._store.folder.log_path, self._echo)), "the follower of a log"
            )
        try:
            return await (self._store.start() if self._store.port else self._first_start())
        except StoreError as error:
            raise StartFailed(f"{self.name} did not start: {self._room()}{error}") from None
        except OSError as error:
            raise StartFailed(f"{self.name} did not start: {self._room()}{error}") from None

    def _room(self) -> str:
        """A text that says how much space is free for its data, if that is too little for a start."""
        folder = self._store.data_dir
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        try:
            free = shutil.disk_usage(folder).free
        except OSError:
            return ""
        return f"its disk is full, {free >> 10:,} KiB are free in {folder}; " if free < NEEDED_BYTES else ""

    async def _first_start(self) -> str:
        """Start with the port of last time, if it is free; a store that was left behind is stopped first."""
        last = self._ports.last(self.name)
        self._store = self._make(last)
        try:
            url = await self._store.start()
        except StoreError:
            if not last or is_free("127.0.0.1", last):
                raise
            self._store = self._make(0)
            url = await self._store.start()
        self._ports.keep(self.name, self._store.port)
        return url

    async def ended(self) -> str:
        return how_it_ended(await self._store.wait())

    async def answers(self) -> bool:
        # Without a password: a refusal is an answer too.
        writer = None
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._store.port)
                writer.write(self._question)
                return bool(await reader.read(1))
        except OSError:  # a TimeoutError is one
            return False
        finally:
            if writer:
                writer.close()

    async def stop(self) -> None:
        await self._store.stop()
        if self._follower:
            self._follower.cancel()

    def kill(self) -> None:
        if self._store.is_running:
            os.kill(self._store.pid, self._kill_signal)

    def _link_log(self) -> None:
        """Link the store's log, which is among its own files, into the folder of logs."""
        link = self._logs / f"{self.name}.log"
        with contextlib.suppress(FileExistsError):
            link.symlink_to(os.path.relpath(self._store.folder.log_path, self._logs))


def postgres_part(
    folder: Path, ports: PortBook, logs: Path, echo: Callable[[bytes], None] | None
) -> StorePart:
    """The embedded Postgres with its data in `folder`."""

    def make(port: int) -> EmbeddedStore:
        return EmbeddedPostgres(folder, port=port)

    # SIGQUIT makes Postgres end at once; SIGKILL would leave its workers running.
    kill = signal.SIGQUIT
    return StorePart(make, ports=ports, question=_POSTGRES_QUESTION, kill_signal=kill, logs=logs, echo=echo)


def redis_part(folder: Path, ports: PortBook, logs: Path, echo: Callable[[bytes], None] | None) -> StorePart:
    """The embedded Redis with its data in `folder`."""

    def make(port: int) -> EmbeddedStore:
        return EmbeddedRedis(folder, port=port)

    kill = signal.SIGKILL
    return StorePart(make, ports=ports, question=_REDIS_QUESTION, kill_signal=kill, logs=logs, echo=echo)


async def _follow(path: Path, echo: Callable[[bytes], None]) -> None:
    """Pass every line that is added to the file from now on to `echo`."""
    tail = _Tail(path)
    while True:
        await asyncio.sleep(FOLLOW_EVERY_S)
        for line in tail.lines():
            echo(line)


class _Tail:
    """Reads what was added to a file since the last call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = path.stat().st_size if path.exists() else 0
        self._rest = b""

    def lines(self) -> list[bytes]:
        try:
            with self._path.open("rb") as file:
                if file.seek(0, os.SEEK_END) < self._at:  # a new file has replaced it
                    self._at = 0
                file.seek(self._at)
                *lines, self._rest = (self._rest + file.read()).split(b"\n")
                self._at = file.tell()
        except FileNotFoundError:
            return []
        return lines
