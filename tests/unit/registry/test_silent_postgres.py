"""A Postgres, or a pooler before it, that accepts connections and then says nothing."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_registry.store.pool import Pool, PoolOptions, StoreConnection
from tests.support.conditions import eventually


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", 4 + len(body)) + body


READY = _message(b"Z", b"I")
WELCOME = (
    _message(b"R", struct.pack("!i", 0))
    + _message(b"S", b"server_version\0" + b"16.0\0")
    + _message(b"S", b"client_encoding\0UTF8\0")
    + _message(b"K", struct.pack("!ii", 1, 1))
    + READY
)
DONE = _message(b"C", b"SELECT 0\0") + READY


class SilentPostgres:
    """Welcomes every connection, and answers what it is asked then as soon as it `speaks`."""

    def __init__(self) -> None:
        self.speaks = False
        self.asked = 0
        self.left = 0
        self.url = ""

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._read_message(reader)
            writer.write(WELCOME)
            while await reader.readexactly(1) == b"Q":
                await self._read_message(reader)
                self.asked += 1
                if self.speaks:
                    writer.write(DONE)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.left += 1
            writer.close()

    async def _read_message(self, reader: asyncio.StreamReader) -> None:
        (length,) = struct.unpack("!i", await reader.readexactly(4))
        await reader.readexactly(length - 4)


@pytest.fixture
async def postgres() -> AsyncIterator[SilentPostgres]:
    served = SilentPostgres()
    server = await asyncio.start_server(served.converse, "127.0.0.1", 0)
    served.url = f"postgresql://anybody@127.0.0.1:{server.sockets[0].getsockname()[1]}/any?sslmode=disable"
    yield served
    server.close()


async def nothing(session: StoreConnection) -> None:
    pass


async def test_keeper_leaves_a_server_that_accepts_and_then_says_nothing(postgres: SilentPostgres) -> None:
    """Fails when: each keeper waits for ever, and the registry is away until somebody restarts it."""
    options = PoolOptions(url=postgres.url, name="x", size=1, deadline=timedelta(seconds=0.2))
    async with Pool(options) as pool:
        await eventually(lambda: postgres.asked and postgres.left, timeout=30)
        assert not pool.is_connected
        with pytest.raises(StoreUnavailable, match=r"no connection was ready within 0\.2 s"):
            await pool.run(nothing)
        postgres.speaks = True
        await eventually(lambda: pool.is_connected, timeout=30)
    await eventually(lambda: postgres.left >= postgres.asked)
