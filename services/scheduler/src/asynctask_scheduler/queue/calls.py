"""Shared by the parts of RedisQueue: a cell's keys, its options, and how a verb is called."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

from asynctask_core.limits import BATCH_ITEMS
from asynctask_scheduler.queue.answers import Applied, CellOptions, Lane
from asynctask_scheduler.queue.connection import Argument, RedisConnection
from asynctask_scheduler.queue.hints import parse_lane
from asynctask_scheduler.queue.keys import Keys
from asynctask_scheduler.queue.scripts import script

T = TypeVar("T")

SCANNED: Final = 500
"""Entries in one page of a scan, about."""


class RedisCalls:
    """Calls verbs on the keys of one cell."""

    def __init__(self, connection: RedisConnection, keys: Keys, options: CellOptions) -> None:
        self._connection = connection
        self._keys = keys
        self._options = options

    async def _run(self, verb: str, arguments: Sequence[Argument] = (), *, repeatable: bool = True) -> Any:
        found = script(verb)
        return await self._connection.run(
            found, [self._keys[key] for key in found.keys], arguments, repeatable=repeatable
        )


def pages(items: Sequence[T], size: int = BATCH_ITEMS) -> Iterator[Sequence[T]]:
    """Split into pages for one script call each: Lua's stack bounds the number of arguments of a command."""
    if len(items) <= size:
        if items:
            yield items
        return
    for start in range(0, len(items), size):
        yield items[start : start + size]


async def scan_set(connection: RedisConnection, key: bytes) -> AsyncIterator[Sequence[bytes]]:
    """Members of a set, in pages. A member that is in the set during the whole scan comes at least once."""
    cursor = 0
    while True:
        after, found = await connection.command("SSCAN", key, cursor, "COUNT", SCANNED)
        for page in pages(list(found)):
            yield page
        cursor = int(after)
        if cursor == 0:
            return


@lru_cache(maxsize=4096)
def lane_of(packed: bytes) -> Lane:
    """Parse a lane, with a cache: there are few lanes."""
    return parse_lane(packed)


def applied(answer: Any) -> Applied:
    """Parse the answer of `apply` and `abandon`."""
    changed, created, ready, freed = answer
    return Applied(
        changed, created, frozenset(map(lane_of, ready)), frozenset(name.decode() for name in freed)
    )


def together(parts: Iterable[Applied]) -> Applied:
    """Merge the results of several steps."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    return Applied(
        sum(part.changed for part in parts),
        sum(part.leases_created for part in parts),
        frozenset[Lane]().union(*(part.ready for part in parts)),
        frozenset[str]().union(*(part.freed for part in parts)),
    )
