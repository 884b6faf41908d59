"""Refills a Redis that was lost, flushed, restarted or failed over from the registry.

The marker names the store (`run_id`, `master_replid`) that was rebuilt. Pops, promotions and reaping check it in the
same atomic step, so no task is handed out by a store that may have lost data. Several replicas may rebuild at once,
since all of them use `apply`. Limits, sessions and leases are restored first, then the marker is set; queued tasks are
loaded afterwards, while tasks are handed out again (`Loader`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_protos.registry.v1.ledger_service_pb2 import DispatchableScope
from asynctask_scheduler.maintenance.ports import RegistryPort
from asynctask_scheduler.queue.answers import SessionInfo, StoreIdentity, TypeLimit
from asynctask_scheduler.queue.port import Queue

log = get_logger(__name__)

INTERVAL: Final = timedelta(seconds=1)
DEADLINE: Final = timedelta(minutes=10)
"""Of one rebuild: enough for the leases of a million running tasks. Each page also has its own deadline."""
LOAD_INTERVAL: Final = timedelta(seconds=3)
"""A rebuild triggers loading at once; the interval serves to continue where another replica stopped."""
LOAD_PAGE: Final = 1000
LOAD_PAGES_PER_RUN: Final = 20
LOAD_HOLD_MS: Final = 5_000

Sessions = Callable[[], Sequence[tuple[SessionInfo, int, bool]]]
"""The sessions of this replica's open streams: info of the executor, number, whether it drains."""


class Rebuilder:
    """Watches the store's identity, and rebuilds the store when the marker does not name it."""

    def __init__(
        self,
        queue: Queue,
        registry: RegistryPort,
        sessions: Sessions,
        *,
        on_rebuilt: Callable[[], None] = lambda: None,
    ) -> None:
        self._queue = queue
        self._registry = registry
        self._sessions = sessions
        self._on_rebuilt = on_rebuilt
        self._seen: tuple[StoreIdentity, str] | None = None

    async def run_once(self) -> LoopReport:
        """Check the store, and rebuild it if necessary."""
        state = await self._queue.repair.store_state()
        seen = (state.identity, state.token)
        if seen != self._seen:
            if self._seen is not None and self._seen[0] != state.identity:
                log.warning("store.changed", reason="Redis was restarted, or failed over")
            # Another replica may have rebuilt it by now, but only this one knows its own streams. If a store was
            # emptied in place, only the token of its marker changes.
            await self._restore_sessions()
            self._seen = seen
        if state.marked:
            return LoopReport()
        return await self._rebuild()

    async def _rebuild(self) -> LoopReport:
        rebuild = await self._queue.repair.begin_rebuild()
        if rebuild is None:
            return LoopReport()
        log.warning("store.rebuild_began")
        await self._queue.upkeep.set_type_limits(
            [TypeLimit.of(one) for one in await self._registry.list_task_types()]
        )
        await self._restore_sessions()
        leases = 0
        async for page in self._registry.stream_dispatchable(DispatchableScope.DISPATCHABLE_SCOPE_RUNNING):
            leases += (await self._queue.tasks.apply(page.standings)).leases_created
        if not await self._queue.repair.finish_rebuild(rebuild):
            log.warning("store.rebuild_overtaken", reason="Redis changed again meanwhile")
            return LoopReport(more=True)
        self._on_rebuilt()
        log.warning("store.rebuilt", leases=leases)
        return LoopReport(changed=1 + leases)

    async def _restore_sessions(self) -> None:
        for info, session, draining in self._sessions():
            await self._queue.executors.restore_session(info, session, draining=draining)


class Loader:
    """Loads queued tasks in dispatch order after a rebuild; any replica continues where another stopped."""

    def __init__(
        self,
        queue: Queue,
        registry: RegistryPort,
        *,
        owner: str,
        ageing_step_us: int,
        on_loaded: Callable[[], None] = lambda: None,
    ) -> None:
        self._queue = queue
        self._registry = registry
        self._owner = owner
        self._ageing_step_us = ageing_step_us
        self._on_loaded = on_loaded

    async def run_once(self) -> LoopReport:
        """Load some pages, if there is anything to load and no other replica does."""
        state = await self._queue.repair.store_state()
        if not state.marked or state.loaded:
            return LoopReport()
        if not await self._queue.upkeep.claim_duty("load", self._owner, LOAD_HOLD_MS):
            return LoopReport()
        loaded, pages, cursor = 0, 0, state.cursor
        async for page in self._registry.stream_dispatchable(
            DispatchableScope.DISPATCHABLE_SCOPE_QUEUED,
            cursor=cursor,
            page_size=LOAD_PAGE,
            limit=LOAD_PAGE * LOAD_PAGES_PER_RUN,
            ageing_step_us=self._ageing_step_us,
        ):
            await self._queue.tasks.apply(page.standings)
            loaded, pages, cursor = loaded + len(page.standings), pages + 1, page.cursor
            # Either the store was lost, and loading begins again, or another replica continues from here.
            if not (
                await self._queue.repair.save_cursor(state.token, cursor, loaded=False)
                and await self._queue.upkeep.claim_duty("load", self._owner, LOAD_HOLD_MS)
            ):
                return LoopReport(changed=loaded)
        if loaded:
            return LoopReport(changed=loaded, more=True)
        if not await self._queue.repair.save_cursor(state.token, cursor, loaded=True):
            return LoopReport()
        log.info("store.loaded")
        self._on_loaded()
        return LoopReport(changed=pages)
