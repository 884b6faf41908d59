"""Task types in pages: all of them, and from then on those that changed since a token.

The token is a horizon of transactions, as in the feed of tasks' changes; `ledger.changes` has the picture. Every change
of a type stamps its row with its transaction. A round of changes begins at the lowest transaction that was still
running when the previous round began. So a change that commits late is not missed; some changes come twice.

The first listing is sorted by name, so a type that changes meanwhile keeps its place. In a round of changes such a type
moves past the end of the round, and comes in the next one. So a listing or round of several pages is followed by one
more round at once: `more` stays true until one page, read after the call began, held everything.

Text of a token: `system:base` between rounds, `system:base:l:name` in a listing, `system:base:c:end:xid:name` in a
round. `base` is where the next round begins; names are in hexadecimal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from google.protobuf import json_format

from asynctask_core import limits
from asynctask_core.errors import TokenExpired
from asynctask_core.wire import to_timestamp
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_registry.store.pool import Pool, Row, StoreConnection

_LISTING: Final = "l"
_CHANGES: Final = "c"


class FormerStages(NamedTuple):
    """The stages that a type had until a time, in microseconds since 1970; no names if they are not known."""

    until_us: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypePage:
    """Present types, versions of deleted types by name, the token to go on with, and whether to do so at once.

    `formers` are the stages that each of the types had before, in the same order.
    """

    types: Sequence[TaskType]
    formers: Sequence[Sequence[FormerStages]]
    deleted: Mapping[str, int]
    token: str
    more: bool


@dataclass(frozen=True, slots=True)
class _Position:
    """Where the page after this token begins; `kind` is empty between rounds."""

    base: int
    kind: str = ""
    end: int = 0
    xid: int = 0
    name: str = ""

    def text(self, system: int) -> str:
        head, name = f"{system}:{self.base}", self.name.encode().hex()
        if self.kind == _LISTING:
            return f"{head}:{_LISTING}:{name}"
        return f"{head}:{_CHANGES}:{self.end}:{self.xid}:{name}" if self.kind else head


class TypeFeed:
    """Reads pages of task types."""

    def __init__(self, pool: Pool, *, page_bytes: int = limits.PAGE_BYTES) -> None:
        self._pool = pool
        self._page_bytes = page_bytes

    async def page(self, token: str, *, page_size: int = 0) -> TypePage:
        """Read the page that `token` leads to; an empty one begins with every type that is not deleted.

        Raises:
            TokenExpired: the token is of another database, or not a token; begin again without one.
            StoreUnavailable: repeat it.
        """
        limit = min(page_size or limits.PAGE_ITEMS, limits.PAGE_ITEMS)
        return await self._pool.run(lambda connection: self._page(connection, token, limit))

    async def _page(self, connection: StoreConnection, token: str, limit: int) -> TypePage:
        # The horizon comes before the rows: what commits in between is read now, and again in the next round.
        (horizon,) = await connection.fetch("change_horizon")
        system, safe, begun = horizon["system_id"], horizon["safe"], horizon["begun"]
        at = _parse(token, system, begun) if token else _Position(safe, _LISTING)
        if at.kind == _LISTING:
            found = await connection.fetch(
                "type_list", after=at.name, page_size=limit, page_bytes=self._page_bytes
            )
            rows, is_last = _within(found, limit)
            here = _Position(at.base) if is_last else _Position(at.base, _LISTING, name=rows[-1]["name"])
            is_whole = is_last and not at.name
            types, formers = [type_of(row) for row in rows], list(map(_formers_of, rows))
            return TypePage(types, formers, {}, here.text(system), more=not is_whole)
        if at.kind:
            first, is_first = at.xid, False
        else:
            # A new round: it ends with what has begun by now, and the next round begins with what still runs.
            first, is_first, at = at.base, True, _Position(safe, _CHANGES, end=begun)
        found = await connection.fetch(
            "type_changes",
            first=first,
            end=at.end,
            after_xid=at.xid,
            after_name=at.name,
            page_size=limit,
            page_bytes=self._page_bytes,
        )
        rows, is_last = _within(found, limit)
        here = _Position(at.base)
        if not is_last:
            here = _Position(at.base, _CHANGES, at.end, rows[-1]["change_xid"], rows[-1]["name"])
        current = [row for row in rows if not row["deleted"]]
        return TypePage(
            [type_of(row) for row in current],
            list(map(_formers_of, current)),
            {row["name"]: row["version"] for row in rows if row["deleted"]},
            here.text(system),
            more=not (is_last and is_first),
        )


def _within(found: Sequence[Row], limit: int) -> tuple[Sequence[Row], bool]:
    """The rows of a page, and whether it is the last: the statement looks for one row more than a page."""
    return found[:limit], not found or len(found) == found[0]["found"] <= limit


def type_of(row: Row) -> TaskType:
    """The message of a stored type."""
    proto = json_format.Parse(row["definition"], TaskType(), ignore_unknown_fields=True)
    proto.version = row["version"]
    proto.queues.extend(row["queues"])
    proto.update_time.CopyFrom(to_timestamp(row["update_time"]))
    return proto


def _formers_of(row: Row) -> tuple[FormerStages, ...]:
    """Newest first."""
    text = row["former_stages"]
    if text == "[]":
        return ()
    return tuple(FormerStages(one["until"], tuple(one["names"])) for one in json.loads(text))


def _parse(text: str, system: int, begun: int) -> _Position:
    try:
        head, parts = text.split(":")[:2], text.split(":")[2:]
        named, base = int(head[0]), int(head[1])
        match parts:
            case []:
                position = _Position(base)
            case ["l", name]:
                position = _Position(base, _LISTING, name=bytes.fromhex(name).decode())
            case ["c", end, xid, name]:
                position = _Position(base, _CHANGES, int(end), int(xid), bytes.fromhex(name).decode())
            case _:
                raise ValueError(text)
    except (ValueError, IndexError):
        raise TokenExpired(f"{text[:80]!r} is not a token of a list of task types") from None
    if named != system or max(position.base, position.end) > begun:
        raise TokenExpired("the token is of another database; begin anew without one")
    return position
