"""Compares registry and Redis in both directions, for sweep and doctor.

From the registry, by id: is every task that is not final in its right place in Redis? From Redis, page by page: does
the registry have each kept task, in the same version? Both change during the comparison, so a difference only counts
if it is confirmed against a standing that was read after the difference was found.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from asynctask_protos.registry.v1.ledger_service_pb2 import DispatchableScope
from asynctask_protos.registry.v1.standing_pb2 import Place, Standing
from asynctask_scheduler.maintenance.ports import RegistryPort
from asynctask_scheduler.queue.answers import Drift, DriftKind, KeptStanding
from asynctask_scheduler.queue.port import Queue

PAGE: Final = 500
REMEMBERED: Final = 100_000
"""Differences found in the first direction that are not reported again in the second one. More of them are, so that the
memory is bounded."""

Rest = Callable[[float], Awaitable[None]]
"""Called after each page with the seconds that the page took."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A task about which registry and Redis disagree."""

    task_id: bytes
    kind: DriftKind
    place: Place.ValueType
    """The place in the registry's standing; for ORPHANED, in that of Redis."""


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """The result of comparing one page."""

    tasks: int
    leases: int
    differences: Sequence[Difference] = ()


async def rest_none(_: float) -> None:
    """Do not rest, since a person waits for the result; only let other tasks of the event loop run."""
    await asyncio.sleep(0)


async def compare(
    queue: Queue, registry: RegistryPort, *, fix: bool, rest: Rest = rest_none
) -> AsyncIterator[ComparisonPage]:
    """Compare everything; with `fix`, apply the registry's standings where they differ."""
    scope = DispatchableScope.DISPATCHABLE_SCOPE_ALL
    began = time.monotonic()
    reported: set[bytes] = set()
    async for page in registry.stream_dispatchable(scope, page_size=PAGE):
        leases = sum(standing.place == Place.PLACE_LEASED for standing in page.standings)
        differences = await _confirmed(queue, registry, page.standings, fix=fix)
        reported.update(one.task_id for one in differences[: REMEMBERED - len(reported)])
        yield ComparisonPage(len(page.standings), leases, differences)
        await rest(time.monotonic() - began)
        began = time.monotonic()
    cursor = 0
    while True:
        kept = await queue.repair.scan(cursor, PAGE)
        if kept.standings:
            found = await _compare_kept(queue, registry, kept.standings, fix=fix)
            yield ComparisonPage(0, 0, [one for one in found if one.task_id not in reported])
        await rest(time.monotonic() - began)
        began = time.monotonic()
        cursor = kept.cursor
        if not cursor:
            return


async def _confirmed(
    queue: Queue, registry: RegistryPort, standings: Sequence[Standing], *, fix: bool
) -> Sequence[Difference]:
    drifts = await queue.repair.compare(standings)
    if not drifts:
        return ()
    fresh = await registry.reconcile([drift.task_id for drift in drifts])
    return await _differences(queue, fresh, fix=fix)


async def _differences(queue: Queue, fresh: Sequence[Standing], *, fix: bool) -> Sequence[Difference]:
    drifts: Mapping[bytes, Drift] = {drift.task_id: drift for drift in await queue.repair.compare(fresh)}
    wrong = [standing for standing in fresh if standing.task_id in drifts]
    if fix and wrong:
        await queue.tasks.apply(wrong)
    return [Difference(one.task_id, drifts[one.task_id].kind, one.place) for one in wrong]


async def _compare_kept(
    queue: Queue, registry: RegistryPort, kept: Sequence[KeptStanding], *, fix: bool
) -> Sequence[Difference]:
    fresh: list[Standing] = []
    for start in range(0, len(kept), PAGE):
        fresh += await registry.reconcile([one.task_id for one in kept[start : start + PAGE]])
    differences = list(await _differences(queue, fresh, fix=fix))
    known = {standing.task_id for standing in fresh}
    orphans = [one for one in kept if one.task_id not in known]
    if fix and orphans:
        # Apply the kept version again, but in no queue: the registry has no such task, and so no newer version.
        await queue.tasks.apply(
            [Standing(task_id=one.task_id, version=one.version, place=Place.PLACE_NOWHERE) for one in orphans]
        )
    return [*differences, *(Difference(one.task_id, DriftKind.ORPHANED, one.place) for one in orphans)]
