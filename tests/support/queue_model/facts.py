"""What follows from the data of a store: lines, timers, and who holds how much."""

from __future__ import annotations

from asynctask_core.limits import AGEING_STEP_US, LEASE_MS
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.queue.answers import Lane
from tests.support.queue_model.store import LEASED, READY, TIMED, ModelStore, Shared, kind_of


class Facts:
    """One replica's view of a `ModelStore`."""

    def __init__(
        self,
        store: ModelStore | None = None,
        *,
        lease_ms: int = LEASE_MS,
        ageing_step_us: int = AGEING_STEP_US,
    ) -> None:
        self.store = store or ModelStore()
        self.lease_ms = lease_ms
        self.ageing_step_us = ageing_step_us
        self.clock_ms: float = 0
        self._looks: list[tuple[float, float, bool]] = []
        """At which time of its own it looked, the difference of the store's clock to it, whether it looked itself."""

    @property
    def _data(self) -> Shared:
        return self.store.data

    @property
    def _now(self) -> float:
        return self.store.now_ms

    @property
    def _is_marked(self) -> bool:
        return self._data.marker == self.store.identity

    def _is_confirmed(self, task_id: bytes) -> bool:
        kept, lease = self._data.kept.get(task_id), self._data.leases.get(task_id)
        return (
            kept is not None
            and lease is not None
            and kept.standing.place == LEASED
            and kept.standing.attempt_id == lease.attempt_id
        )

    def _version(self, task_id: bytes) -> int:
        kept = self._data.kept.get(task_id)
        return kept.standing.version if kept else self._data.gone.get(task_id, (-1, 0))[0]

    def score(self, standing: Standing) -> int:
        return standing.ready_at_us + (standing.priority - 1) * self.ageing_step_us

    def line(self, lane: Lane) -> list[bytes]:
        """Tasks in line, first one first."""
        found = [
            (self.score(kept.standing), task_id)
            for task_id, kept in self._data.kept.items()
            if task_id not in self._data.leases
            and kind_of(kept.standing) == lane
            and (kept.standing.place == READY or (kept.standing.place == TIMED and kept.is_promoted))
        ]
        return [task_id for _, task_id in sorted(found)]

    def _kinds(self) -> set[Lane]:
        """Kinds that have a task in line, or a lease."""
        lines = {kind_of(kept.standing) for kept in self._data.kept.values()}
        return {lane for lane in lines if self.line(lane)} | {
            lease.lane for lease in self._data.leases.values()
        }

    def _timers(self) -> list[tuple[float, bytes]]:
        return sorted(
            (kept.due_ms, task_id)
            for task_id, kept in self._data.kept.items()
            if kept.standing.place == TIMED and not kept.is_promoted and task_id not in self._data.leases
        )

    def held(self, executor_id: str) -> set[bytes]:
        """Tasks that count for an executor: its leases, and what it runs while a newer attempt is not confirmed."""
        found = {task_id for task_id, lease in self._data.leases.items() if lease.executor_id == executor_id}
        for task_id in self._data.leases:
            kept = self._data.kept.get(task_id)
            if kept and kept.standing.place == LEASED and kept.standing.executor_id == executor_id:
                found.add(task_id)
        return found

    def running(self, task_type: str) -> int:
        return sum(lease.lane[1] == task_type for lease in self._data.leases.values())
