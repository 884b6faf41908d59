"""How standings, and the ends of attempts, move tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from asynctask_core.limits import TIMER_HORIZON_MS
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.queue.answers import ANY_QUEUE, Applied, Lane, Lease
from tests.support.queue_model.facts import Facts
from tests.support.queue_model.store import (
    LEASED,
    NOWHERE,
    READY,
    TIMED,
    HeldBy,
    Kept,
    copy_of,
    kind_of,
    plus,
)


class Standings(Facts):
    """The part of `Queue` that the registry's answers drive."""

    async def apply(self, standings: Sequence[Standing]) -> Applied:
        total = Applied()
        newest = {}
        for standing in standings:
            if standing.task_id not in newest or newest[standing.task_id].version <= standing.version:
                newest[standing.task_id] = standing
        for standing in newest.values():
            total = plus(total, self._apply(standing))
        for standing in standings:
            if standing.place == LEASED and standing is not newest[standing.task_id]:
                total = plus(total, self._apply(standing))
        return replace(total, ready=total.ready | self._woken(total.freed))

    def _apply(self, standing: Standing) -> Applied:
        task_id, data = standing.task_id, self._data
        lease, known = data.leases.get(task_id), self._version(task_id)
        attempt = standing.attempt_id if standing.place == LEASED else None
        if standing.version < known:
            if lease and lease.attempt_id == attempt and not self._is_confirmed(task_id):
                return self._drop(task_id)
            return Applied()
        changed = int(standing.version > known)
        result = Applied(changed=changed)
        if lease and lease.attempt_id != attempt and self._is_confirmed(task_id):
            result = plus(result, Applied(freed=self._end(task_id)))
        is_far = standing.place == TIMED and standing.due_in_ms > TIMER_HORIZON_MS
        if standing.place == NOWHERE or is_far:
            if task_id in data.kept or changed:
                data.gone[task_id] = (standing.version, self._now)
            data.kept.pop(task_id, None)
            return result
        data.kept[task_id] = Kept(copy_of(standing), self._now + standing.due_in_ms)
        return plus(result, self._settle(task_id))

    def _settle(self, task_id: bytes) -> Applied:
        kept = self._data.kept.get(task_id)
        if kept is None or task_id in self._data.leases:
            return Applied()
        lane = kind_of(kept.standing)
        if kept.standing.place == LEASED:
            self._data.leases[task_id] = HeldBy(
                kept.standing.attempt_id, kept.standing.executor_id, lane, self._now + self.lease_ms
            )
            return Applied(leases_created=1)
        kept.is_promoted = kept.standing.place == TIMED and kept.due_ms <= self._now
        if kept.standing.place == READY or kept.is_promoted:
            return Applied(ready=frozenset({lane}))
        return Applied()

    def _end(self, task_id: bytes) -> frozenset[str]:
        lease = self._data.leases.pop(task_id)
        self._data.progress.pop(task_id, None)
        self._freed_types = getattr(self, "_freed_types", set()) | {lease.lane[1]}
        return frozenset({lease.executor_id})

    def _drop(self, task_id: bytes) -> Applied:
        freed = self._end(task_id)
        return plus(Applied(freed=freed), self._settle(task_id))

    def _woken(self, freed: frozenset[str]) -> frozenset[Lane]:
        types, self._freed_types = getattr(self, "_freed_types", set()), set[str]()
        return frozenset((ANY_QUEUE, name) for name in types & self._data.limits.keys() if freed)

    async def abandon(self, leases: Sequence[Lease]) -> Applied:
        total = Applied()
        for task_id, attempt_id in leases:
            lease = self._data.leases.get(task_id)
            if lease is None or lease.attempt_id != attempt_id:
                continue
            if self._is_confirmed(task_id):
                total = plus(total, Applied(freed=self._end(task_id)))
            else:
                total = plus(total, self._drop(task_id))
        return replace(total, ready=total.ready | self._woken(total.freed))
