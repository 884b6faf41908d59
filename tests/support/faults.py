"""A TCP proxy that does to a connection what networks do.

As in TCP nothing is lost inside a connection: what is held while a direction is silent arrives when it speaks again.
"""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Self


class _Direction:
    """One direction of all connections: open or silent, quick or slow."""

    def __init__(self) -> None:
        self.speaks = asyncio.Event()
        self.speaks.set()
        self.delay = 0.0


class FaultProxy:
    """Stands between a client and `target` (`host:port`); changes take effect on living and new connections."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.connections = 0
        """Connections accepted so far."""
        self._to_target = _Direction()
        self._to_client = _Direction()
        self._accepts = True
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """Where clients connect instead of to the target."""
        assert self._server is not None, "not started"
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def heal(self) -> None:
        """Pass everything on again, and accept connections."""
        self._accepts = True
        for direction in (self._to_target, self._to_client):
            direction.delay = 0.0
            direction.speaks.set()

    def cut(self) -> None:
        """Reset all connections, and each new one at once."""
        self._accepts = False
        self.reset()

    def reset(self) -> None:
        """Reset the present connections only."""
        for task in self._tasks:
            task.cancel()

    def blackhole(self) -> None:
        """Keep connections open and accept new ones, but carry nothing: a pulled cable."""
        self._to_target.speaks.clear()
        self._to_client.speaks.clear()

    def half_open(self, *, silent: str) -> None:
        """Carry nothing towards `silent` ("target" or "client"); the other direction works."""
        {"target": self._to_target, "client": self._to_client}[silent].speaks.clear()

    def delay(self, seconds: float) -> None:
        """Let everything arrive so much later, in both directions."""
        self._to_target.delay = self._to_client.delay = seconds

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.reset()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        writers = [writer]
        try:
            if self._accepts:
                host, _, port = self.target.rpartition(":")
                target_reader, target_writer = await asyncio.open_connection(host, int(port))
                writers.append(target_writer)
                async with asyncio.TaskGroup() as group:
                    group.create_task(_carry(reader, target_writer, self._to_target))
                    group.create_task(_carry(target_reader, writer, self._to_client))
        except* (OSError, asyncio.CancelledError):
            pass
        finally:
            for one in writers:
                with contextlib.suppress(RuntimeError):
                    one.transport.abort()
            self._tasks.discard(task)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: _Direction) -> None:
    queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)
    clock = asyncio.get_running_loop().time

    async def receive() -> None:
        while True:
            data = await reader.read(65536)
            await queue.put((clock() + direction.delay, data))
            if not data:
                return

    async with asyncio.TaskGroup() as group:
        group.create_task(receive())
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(0.0, due - clock()))
            await direction.speaks.wait()
            if not data:
                # The other side has ended; so does this connection, in both directions.
                raise ConnectionResetError
            writer.write(data)
            await writer.drain()
