"""A small HTTP/1.1 client: kept connections for requests, and event streams. It costs the measuring process little."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

MOST_BYTES = 64 << 20
"""Longest line or head that is read at once: an event of many tasks is one line."""


class HttpFailed(Exception):
    """An answer that is not 200; the message has its body."""


class HttpPool:
    """Connections to one address; each serves one request at a time and is kept for the next one."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, request: bytes) -> bytes:
        """Send a request as `request_bytes` makes it; gives the body of its answer.

        Raises:
            HttpFailed: it was refused.
        """
        reader, writer = self._free.pop() if self._free else await _connect(self._address)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        self._free.append((reader, writer))
        _check(head, body)
        return body

    def close(self) -> None:
        """Close the connections that serve no request."""
        for _, writer in self._free:
            writer.close()


def request_bytes(address: str, verb: str, path: str, body: Any = None) -> bytes:
    """A request as it is sent; `body` becomes JSON."""
    head = f"{verb} {path} HTTP/1.1\r\nHost: {address}\r\n"
    if body is None:
        return f"{head}\r\n".encode()
    content = json.dumps(body).encode()
    length = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return f"{head}{length}".encode() + content


@asynccontextmanager
async def event_stream(address: str, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
    """An open event stream: the data of each event, without heartbeats.

    Raises:
        HttpFailed: it was refused.
    """
    reader, writer = await _connect(address)
    try:
        writer.write(request_bytes(address, "GET", path))
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            _check(head, await reader.readexactly(_length(head)))
        yield _data(reader)
    finally:
        writer.close()


async def _data(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    rest = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        chunk = await reader.readexactly(size + 2)
        *lines, rest = (rest + chunk[:-2]).split(b"\n")
        for line in lines:
            if line.startswith(b"data: "):
                yield line[6:]


async def _connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = address.rpartition(":")
    return await asyncio.open_connection(host, int(port), limit=MOST_BYTES)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _check(head: bytes, body: bytes) -> None:
    if not head.startswith(b"HTTP/1.1 200"):
        raise HttpFailed(f"{head.splitlines()[0].decode()}: {body.decode(errors='replace')[:500]}")
