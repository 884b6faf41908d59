"""The ways to walk over tasks, newest first. Each reads along one index, a bounded number of rows at a time.

A walk finds the tasks that meet all conditions of a list; it differs from the others only in how many rows it reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from asynctask_core import limits
from asynctask_registry.ledger.terms import AnyTerm
from asynctask_registry.store.pool import StoreConnection

Conditions = Mapping[str, object]
"""The parameters of `fragments/matches.sql`."""

_CHECKED: Final = 1000
"""Tasks of which one statement checks whether they meet the conditions."""
_LABELS_A_TASK: Final = 8
"""Labels that a walk over labels reads instead of one task: they are small, and lie in the order of the ids."""


class WalkSpan(NamedTuple):
    """What one step of a walk may do: ids from `low` on and below `high`, at most `most` rows, `wanted` tasks."""

    low: bytes
    high: bytes
    most: int
    wanted: int


class WalkStep(NamedTuple):
    """The tasks found, newest first, and the id down to which the step looked; `is_last` when nothing is left."""

    found: Sequence[bytes]
    lowest: bytes
    is_last: bool


class ListWalk(Protocol):
    """One way to walk."""

    async def step(self, connection: StoreConnection, span: WalkSpan) -> WalkStep:
        """Look at the newest tasks of the span; with fewer than wanted, all of them down to `lowest` are looked at."""
        ...


class TaskWalk(NamedTuple):
    """Over all tasks."""

    conditions: Conditions

    async def step(self, connection: StoreConnection, span: WalkSpan) -> WalkStep:
        """See `ListWalk`."""
        (walked,) = await connection.fetch("task_walk", **self.conditions, **span._asdict())
        is_last = walked["steps"] < span.most
        return WalkStep(walked["found"], span.low if is_last else walked["lowest"], is_last)


class ColumnWalk(NamedTuple):
    """Along an index of `tasks`: that of states or of types."""

    statement: str
    values: Mapping[str, Sequence[str]]
    conditions: Conditions

    async def step(self, connection: StoreConnection, span: WalkSpan) -> WalkStep:
        """See `ListWalk`."""
        return await _step_along(connection, span, self.conditions, self.statement, **self.values)


class TermWalk(NamedTuple):
    """Along the tasks with a term, or with any of several."""

    term: AnyTerm
    conditions: Conditions

    async def step(self, connection: StoreConnection, span: WalkSpan) -> WalkStep:
        """See `ListWalk`."""
        return await _step_along(
            connection, span, self.conditions, "term_walk", kind=self.term.kind, terms=self.term.texts
        )


class IdWalk(NamedTuple):
    """To the task with an id, and along the tasks that have this id as the value of a label."""

    task_id: bytes
    labelled: TermWalk | TaskWalk
    conditions: Conditions

    async def step(self, connection: StoreConnection, span: WalkSpan) -> WalkStep:
        """See `ListWalk`."""
        labelled = await self.labelled.step(connection, span)
        if not labelled.lowest <= self.task_id < span.high:
            return labelled
        named = await fitting_tasks(connection, [self.task_id], self.conditions, 1)
        found = sorted({*labelled.found, *named}, reverse=True)[: span.wanted]
        return labelled._replace(found=found)


class TextWalk(NamedTuple):
    """Over the labels of tasks, and along the tasks of the types that have the text in their name."""

    text: str
    types: ColumnWalk | None
    conditions: Conditions

    async def step(self, connection: StoreConnection, span: WalkSpan) -> WalkStep:
        """See `ListWalk`."""
        # Those of one task more, since the labels of the last one may not all be among those read.
        most = _LABELS_A_TASK * span.most + 2 * limits.LABELS
        (labels,) = await connection.fetch(
            "label_walk", text=self.text, low=span.low, high=span.high, most=most
        )
        lowest = span.low if labels["steps"] < most else _next_id(labels["lowest"])
        ids = {task_id for task_id in labels["found"] if task_id >= lowest}
        if self.types is not None:
            of_types = await self.types.step(connection, span._replace(low=lowest))
            ids.update(of_types.found)
            if len(of_types.found) < span.wanted:
                lowest = max(lowest, of_types.lowest)
        newest_first = sorted((task_id for task_id in ids if task_id >= lowest), reverse=True)
        found = await fitting_tasks(connection, newest_first, self.conditions, span.wanted)
        return WalkStep(found, lowest, lowest == span.low)


async def _step_along(
    connection: StoreConnection, span: WalkSpan, conditions: Conditions, statement: str, **values: object
) -> WalkStep:
    """Read ids along an index, and look at as many of these tasks as the index gave in the order of a list.

    The statement reads the newest ids of each state, type or term, of which most are older than those that come first.
    """
    rows = await connection.fetch(statement, low=span.low, high=span.high, most=span.most, **values)
    ids = [row["task_id"] for row in rows]
    found = await fitting_tasks(connection, list(dict.fromkeys(ids)), conditions, span.wanted)
    is_last = len(ids) < span.most
    return WalkStep(found, span.low if is_last else ids[-1], is_last)


async def fitting_tasks(
    connection: StoreConnection, ids: Sequence[bytes], conditions: Conditions, wanted: int
) -> list[bytes]:
    """The first `wanted` of these tasks that meet the conditions, in the same order."""
    found: list[bytes] = []
    for start in range(0, len(ids), _CHECKED):
        part = ids[start : start + _CHECKED]
        rows = await connection.fetch("task_fit", task_ids=part, low=min(part), high=max(part), **conditions)
        fit = {row["task_id"] for row in rows}
        found += [task_id for task_id in part if task_id in fit][: wanted - len(found)]
        if len(found) == wanted:
            break
    return found


def _next_id(task_id: bytes) -> bytes:
    return (int.from_bytes(task_id, "big") + 1).to_bytes(16, "big")
