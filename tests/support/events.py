"""Reads server-sent events over a plain socket, as a browser does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ServerEvent:
    """One event; a heartbeat has the kind `heartbeat` and no data."""

    kind: str
    token: str
    data: dict[str, Any]


class Events:
    """An open answer."""

    def __init__(self, reader: asyncio.StreamReader, status: int, head: str) -> None:
        self._reader = reader
        self._rest = b""
        self.status = status
        self.head = head

    async def body(self) -> dict[str, Any]:
        """The JSON of an answer that is no event stream."""
        return json.loads(await self._reader.read())

    async def _line(self) -> str:
        """The next line, without its end. Raises EOFError at the end of the stream."""
        while b"\n" not in self._rest:
            size = int(await self._reader.readline() or b"0", 16)
            if not size:
                raise EOFError
            self._rest += (await self._reader.readexactly(size + 2))[:size]
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()

    async def next(self, *, heartbeats: bool = False) -> ServerEvent:
        """The next event. Raises EOFError at the end of the stream."""
        async with asyncio.timeout(30):
            while True:
                lines: list[str] = []
                while line := await self._line():
                    lines.append(line)
                event = _event(lines)
                if heartbeats or event.kind != "heartbeat":
                    return event

    async def until(self, state: str) -> list[dict[str, Any]]:
        """Every task of the events up to the first task in `state`."""
        tasks: list[dict[str, Any]] = []
        while not any(task["task_status"] == state for task in tasks):
            tasks += (await self.next()).data.get("tasks", [])
        return tasks


@asynccontextmanager
async def events_of(address: str, path: str, **headers: str) -> AsyncIterator[Events]:
    """Ask for `path`."""
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 24)
    try:
        given = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{given}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        yield Events(reader, int(head.split(" ")[1]), head)
    finally:
        writer.close()


def _event(lines: list[str]) -> ServerEvent:
    if lines and lines[0].startswith(":"):
        return ServerEvent("heartbeat", "", {"ms": int(lines[0][1:])})
    fields = dict(line.split(": ", 1) for line in lines)
    return ServerEvent(fields.get("event", ""), fields.get("id", ""), json.loads(fields["data"]))
