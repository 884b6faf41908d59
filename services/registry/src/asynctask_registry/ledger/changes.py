r"""The feed of changes over many tasks: at least once each, none missed.

Every change of a task's version stamps the row with its transaction id. Transactions commit in another order than
their ids: a reader that went on from the highest id it saw would miss a lower id that commits later. So a token is
the lowest transaction that was still running when the rows were read (the snapshot's xmin):

    reads everything from 90 on      95 still runs, 97 is seen       next token: 95
    ──────────────┬─────────────────────────┬────────────────────────────▶
                  90                        95 …                    97 comes once more, 95 is not missed

A round reads, in pages, the changes of transactions that had begun when the round began. Text of a token:
`system:base` between rounds, or `system:base:end:xid:id` inside one, where `base` is where the next round begins. The
system identifier is Postgres' own: a token of another database is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from asynctask_core import limits
from asynctask_core.errors import TokenExpired
from asynctask_protos.task.v1.task_pb2 import Task
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger.reads import read_page
from asynctask_registry.store.pool import Pool, StoreConnection

_NO_ID: Final = bytes(16)


@dataclass(frozen=True, slots=True)
class _Token:
    """Between rounds `end` is 0: the next round begins at `base`. Inside one, the next page follows (xid, task_id)."""

    system: int
    base: int
    end: int = 0
    xid: int = 0
    task_id: bytes = _NO_ID

    @property
    def text(self) -> str:
        head = f"{self.system}:{self.base}"
        return f"{head}:{self.end}:{self.xid}:{self.task_id.hex()}" if self.end else head


class ChangeFeed:
    """Reads changes since a token."""

    def __init__(self, pool: Pool, types: TypeCatalogue) -> None:
        self._pool = pool
        self._types = types

    async def page(
        self, token: str, *, page_size: int = 0, full: bool = False
    ) -> tuple[Sequence[Task], str, bool]:
        """Read changed tasks, deleted ones included; returns them, the next token, and whether there are more now.

        With an empty token it returns no tasks, only the present token.

        Raises:
            TokenExpired: the token is of another database, or not a token.
        """
        types = await self._types.current()
        limit = min(page_size or limits.PAGE_ITEMS, limits.ITEM_PAGE)

        async def read(connection: StoreConnection) -> tuple[Sequence[Task], str, bool]:
            # The snapshot comes before the rows: what commits in between is read now and again in the next round.
            (horizon,) = await connection.fetch("change_horizon")
            here = _Token(horizon["system_id"], horizon["safe"])
            if not token:
                return [], here.text, False
            last = _parse(token, here.system, horizon["begun"])
            if last.end:
                first, end, base = last.xid, last.end, last.base
            else:
                first, end, base = last.base, horizon["begun"], here.base
            rows = await connection.fetch(
                "task_changes",
                first=first,
                end=end,
                after_xid=last.xid,
                after_id=last.task_id,
                page_size=limit,
            )
            # A task may have changed since the ids were read; then it comes again in the next round.
            ids = [row["task_id"] for row in rows]
            tasks, count = await read_page(connection, ids, types, full=full, include_deleted=True)
            if count == len(rows) < limit:
                return tasks, _Token(here.system, base).text, False
            last_row = rows[count - 1]
            position = _Token(here.system, base, end, last_row["change_xid"], last_row["task_id"])
            return tasks, position.text, True

        return await self._pool.run(read)


def _parse(text: str, system: int, begun: int) -> _Token:
    try:
        numbers = text.split(":")
        if len(numbers) == 2:
            token = _Token(int(numbers[0]), int(numbers[1]))
        else:
            head = [int(number) for number in numbers[:4]]
            token = _Token(head[0], head[1], head[2], head[3], bytes.fromhex(numbers[4]))
    except (ValueError, IndexError):
        raise TokenExpired(f"{text[:80]!r} is not a token of a change feed") from None
    is_ours = min(token.base, token.end, token.xid) >= 0 and max(token.base, token.end, token.xid) <= begun
    if token.system != system or not is_ours or len(token.task_id) != 16:
        raise TokenExpired("the token is of another database; begin anew from the present state")
    return token
