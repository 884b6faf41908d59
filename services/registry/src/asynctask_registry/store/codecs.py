"""How values travel between Python and Postgres, in Postgres' binary format.

An id is its 16 bytes, a time is microseconds since 1970, a transaction id is an integer: the path of
a task makes no `uuid.UUID` and no `datetime`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final

import asyncpg

_INT64: Final = struct.Struct("!q")
_UINT64: Final = struct.Struct("!Q")
# Postgres counts from 2000-01-01.
_EPOCH_US: Final = 946_684_800_000_000


async def install(connection: asyncpg.Connection) -> None:
    """Make `connection` use these formats; the only round trips are those that read the types."""
    for name, encode, decode in (
        ("uuid", bytes, bytes),
        ("timestamptz", encode_time, decode_time),
        ("xid8", _UINT64.pack, _decode_xid),
    ):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=encode, decoder=decode, format="binary"
        )


def integers(values: Iterable[int]) -> str:
    """Write integers as Postgres' text of an array, for a parameter `:x::text::bigint[]`.

    The driver checks of every element of an array whether it is an array itself. That is quick for text and bytes, but
    a tenth of a hot statement's cost for integers.
    """
    return "{" + ",".join(map(str, values)) + "}"


def encode_time(us: int) -> bytes:
    """Microseconds since 1970 as Postgres has them."""
    return _INT64.pack(us - _EPOCH_US)


def decode_time(raw: bytes) -> int:
    """Postgres' microseconds as microseconds since 1970."""
    return _INT64.unpack(raw)[0] + _EPOCH_US


def _decode_xid(raw: bytes) -> int:
    return _UINT64.unpack(raw)[0]
