"""Tasks that start later: Postgres holds every due time, Redis those of the next minutes.

Due times are loaded as milliseconds from now, on Redis' clock. Loading every minute also repairs timers that were lost,
or that a jump of Redis' clock has moved.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from asynctask_chassis.loop import LoopReport, pause_until
from asynctask_core.limits import TIMER_HORIZON_MS
from asynctask_protos.registry.v1.ledger_service_pb2 import DispatchableScope
from asynctask_scheduler.maintenance.ports import RegistryPort
from asynctask_scheduler.queue.port import Queue

LOAD_INTERVAL: Final = timedelta(minutes=1)
PROMOTE_INTERVAL: Final = timedelta(milliseconds=250)
"""Also the longest delay of a timer that another replica set while this one slept."""
PROMOTED_PER_RUN: Final = 500


class TimerLoader:
    """Copies timers that are due soon from the registry."""

    def __init__(self, queue: Queue, registry: RegistryPort, *, owner: str) -> None:
        self._queue = queue
        self._registry = registry
        self._owner = owner
        # Where the last pass was interrupted, and the token of the store that it loaded into.
        self._cursor = ""
        self._token = ""

    async def run_once(self) -> LoopReport:
        """Load everything that is due within the horizon, unless another replica does.

        Continues a pass that was interrupted, so that the last timers are loaded even if one pass cannot load all.
        """
        if not await self._queue.upkeep.claim_duty(
            "timers", self._owner, round(LOAD_INTERVAL.total_seconds() * 900)
        ):
            return LoopReport()
        token = await self._queue.repair.rebuild_token()
        cursor = self._cursor if token == self._token else ""
        self._cursor, self._token = "", token
        loaded = 0
        scope = DispatchableScope.DISPATCHABLE_SCOPE_DUE
        pages = self._registry.stream_dispatchable(scope, due_within_ms=TIMER_HORIZON_MS, cursor=cursor)
        async for page in pages:
            await self._queue.tasks.apply(page.standings)
            loaded += len(page.standings)
            self._cursor = page.cursor
        self._cursor = ""
        return LoopReport(facts={"loaded": loaded})


class Promoter:
    """Makes tasks ready when they are due."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._next_in_s: float | None = None

    async def run_once(self) -> LoopReport:
        """Promote what is due now; runs again at once while there is more."""
        self._next_in_s = None
        promoted = await self._queue.upkeep.promote(PROMOTED_PER_RUN)
        if promoted.next_in_ms is not None:
            self._next_in_s = promoted.next_in_ms / 1000
        return LoopReport(changed=promoted.count, more=promoted.next_in_ms == 0)

    async def pause(self, event: asyncio.Event, seconds: float) -> None:
        """Wait for the event, the next timer, or `seconds`, whichever comes first: the pause of its loop."""
        await pause_until(event, seconds if self._next_in_s is None else min(seconds, self._next_in_s))
