"""Rebuild, sweep and doctor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from asynctask_core.limits import TIMER_HORIZON_MS
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.queue.answers import (
    Drift,
    DriftKind,
    KeptPage,
    KeptStanding,
    LeaseAudit,
    Rebuild,
    StoreState,
)
from tests.support.queue_model.facts import Facts
from tests.support.queue_model.store import LEASED, NOWHERE, TIMED


class Repair(Facts):
    """The part of `Queue` that checks and repairs."""

    async def check(self) -> None:
        return

    async def try_write(self) -> str:
        return ""

    async def store_state(self) -> StoreState:
        data = self._data
        if not self._is_marked:
            return StoreState(self.store.identity, marked=False)
        return StoreState(
            self.store.identity, marked=True, token=data.marker_token, loaded=data.loaded, cursor=data.cursor
        )

    async def rebuild_token(self) -> str:
        return self._data.marker_token

    async def begin_rebuild(self) -> Rebuild | None:
        if self._is_marked:
            return None
        self.store.nonce += 1
        token = str(self.store.nonce)
        data = self._data
        data.marker, data.marker_token, data.loaded, data.cursor = None, "", False, ""
        data.duties.clear()
        data.rebuilds.add(token)
        return Rebuild(self.store.identity, token)

    async def finish_rebuild(self, rebuild: Rebuild) -> bool:
        if rebuild.token not in self._data.rebuilds or rebuild.identity != self.store.identity:
            return False
        self._data.rebuilds.discard(rebuild.token)
        if not self._is_marked:
            self._data.marker, self._data.marker_token = rebuild.identity, rebuild.token
            self._data.loaded, self._data.cursor = False, ""
        return True

    async def save_cursor(self, token: str, cursor: str, *, loaded: bool) -> bool:
        if token != self._data.marker_token or not self._is_marked:
            return False
        self._data.cursor, self._data.loaded = cursor, loaded
        return True

    async def compare(self, standings: Sequence[Standing]) -> Sequence[Drift]:
        found: list[Drift] = []
        for standing in standings:
            known = self._version(standing.task_id)
            is_far = standing.place == TIMED and standing.due_in_ms > TIMER_HORIZON_MS
            is_stored = standing.place != NOWHERE and not is_far
            if 0 <= known < standing.version:
                found.append(Drift(standing.task_id, DriftKind.OUTDATED))
            elif known < 0 and is_stored:
                found.append(Drift(standing.task_id, DriftKind.MISSING))
            elif known == standing.version and is_stored and not self._is_placed(standing):
                found.append(Drift(standing.task_id, DriftKind.MISPLACED))
        return found

    def _is_placed(self, standing: Standing) -> bool:
        if standing.task_id not in self._data.kept:
            return False
        return standing.place != LEASED or standing.task_id in self._data.leases

    async def scan(self, cursor: int, limit: int) -> KeptPage:
        return KeptPage(
            [
                KeptStanding(task_id, kept.standing.version, kept.standing.place)
                for task_id, kept in self._data.kept.items()
            ],
            0,
        )

    async def audit_leases(self, *, fix: bool) -> LeaseAudit:
        held_by = Counter(lease.executor_id for lease in self._data.leases.values())
        return LeaseAudit(leases=held_by.total(), held_by=held_by)

    async def close(self) -> None:
        return
