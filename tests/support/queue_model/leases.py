"""Handing tasks out, and keeping them."""

from __future__ import annotations

from collections.abc import Sequence

from asynctask_core import limits
from asynctask_protos.registry.v1.standing_pb2 import Place
from asynctask_scheduler.queue.answers import (
    Lane,
    Lease,
    Leased,
    LeaseState,
    Renewed,
    RequestedStop,
    SessionVerdict,
    TaskPosition,
)
from tests.support.queue_model.facts import Facts
from tests.support.queue_model.store import LEASED, HeldBy


class Leases(Facts):
    """The part of `Queue` that executors drive."""

    async def lease(
        self, executor_id: str, session: int, slots: int, lanes: Sequence[Lane], attempt_ids: Sequence[bytes]
    ) -> Leased:
        if not lanes or not attempt_ids:
            return Leased(SessionVerdict.OK)
        if (verdict := self._verdict(executor_id, session)) is not SessionVerdict.OK:
            return Leased(verdict)
        held = len(self.held(executor_id))
        taken, blocked = self._choose(executor_id, slots, lanes, len(attempt_ids))
        leases = list(zip((task_id for task_id, _ in taken), attempt_ids, strict=False))
        for (task_id, lane), (_, attempt_id) in zip(taken, leases, strict=True):
            self._data.leases[task_id] = HeldBy(attempt_id, executor_id, lane, self._now + self.lease_ms)
        wanted = min(len(attempt_ids), slots - held)
        is_limited = any(task_type in self._data.limits for _, task_type in lanes)
        token = self._data.marker_token if wanted > 0 and is_limited else ""
        return Leased(SessionVerdict.OK, leases, blocked, len(leases) >= wanted, token)

    def _choose(
        self, executor_id: str, slots: int, lanes: Sequence[Lane], most: int
    ) -> tuple[list[tuple[bytes, Lane]], bool]:
        """What a pop takes, in dispatch order, and whether a limit held tasks back."""
        wanted = min(most, slots - len(self.held(executor_id)))
        waiting = {lane: self.line(lane) for lane in lanes}
        room = {lane[1]: self._limit(lane[1]) - self.running(lane[1]) for lane in lanes}
        taken: list[tuple[bytes, Lane]] = []
        blocked = False
        while len(taken) < wanted:
            heads = [
                (self.score(self._data.kept[line[0]].standing), line[0], lane)
                for lane, line in waiting.items()
                if line
            ]
            startable = [head for head in heads if room[head[2][1]] > 0]
            blocked = blocked or len(startable) < len(heads)
            if not startable:
                break
            _, task_id, lane = min(startable)
            waiting[lane].pop(0)
            room[lane[1]] -= 1
            taken.append((task_id, lane))
        return taken, blocked

    def _limit(self, task_type: str) -> int:
        return self._data.limits.get(task_type, 10**9)

    async def explain(
        self,
        task_id: bytes,
        lane: Lane,
        *,
        executor_id: str = "",
        session: int = 0,
        slots: int = 0,
        lanes: Sequence[Lane] = (),
    ) -> TaskPosition:
        kept, lease, line = self._data.kept.get(task_id), self._data.leases.get(task_id), self.line(lane)
        ahead = line.index(task_id) if task_id in line else None
        elsewhere = 0
        if kept and ahead is not None:
            others = [one for one in lanes if one != lane and self.running(one[1]) < self._limit(one[1])]
            standings = [self._data.kept[one].standing for other in others for one in self.line(other)]
            elsewhere = sum(self.score(one) < self.score(kept.standing) for one in standings)
        takes = self._verdict(executor_id, session) is SessionVerdict.OK
        return TaskPosition(
            is_rebuilt=self._is_marked,
            place=kept.standing.place if kept else Place.PLACE_UNSPECIFIED,
            ahead=ahead,
            first_priority=self._data.kept[line[0]].standing.priority if ahead else 0,
            ahead_elsewhere=elsewhere,
            limit=self._data.limits.get(lane[1], 0),
            running=self.running(lane[1]),
            is_next=takes and task_id in dict(self._choose(executor_id, slots, lanes, limits.BATCH_ITEMS)[0]),
            lease=lease and self._lease_state(task_id, lease),
        )

    def _lease_state(self, task_id: bytes, lease: HeldBy) -> LeaseState:
        is_expiring = lease.expiring_since_ms is not None
        silent_ms = self.lease_ms
        if not is_expiring:
            silent_ms = max(0, round(self._now + self.lease_ms - lease.deadline_ms))
        return LeaseState(lease.executor_id, self._is_confirmed(task_id), is_expiring, silent_ms)

    def _verdict(self, executor_id: str, session: int) -> SessionVerdict:
        known = self._data.sessions.get(executor_id)
        if known is None or known.number != session:
            return (
                SessionVerdict.SUPERSEDED if known and known.number > session else SessionVerdict.NO_SESSION
            )
        return SessionVerdict.OK if self._is_marked else SessionVerdict.NO_MARKER

    async def lease_eagerly(
        self,
        executor_id: str,
        session: int,
        slots: int,
        lanes: Sequence[Lane],
        leases: Sequence[Lease],
        *,
        lane: Lane,
    ) -> Leased:
        if (verdict := self._verdict(executor_id, session)) is not SessionVerdict.OK:
            return Leased(verdict)
        room = min(
            slots - len(self.held(executor_id)), self._data.limits.get(lane[1], 10**9) - self.running(lane[1])
        )
        if (
            len(leases) > room
            or any(self.line(one) for one in lanes)
            or any(self._version(task_id) >= 0 for task_id, _ in leases)
        ):
            return Leased(SessionVerdict.OK)
        for task_id, attempt_id in leases:
            self._data.leases[task_id] = HeldBy(attempt_id, executor_id, lane, self._now + self.lease_ms)
            self._data.gone[task_id] = (0, self._now)
        return Leased(
            SessionVerdict.OK,
            leases,
            rebuild_token=self._data.marker_token if lane[1] in self._data.limits else "",
        )

    async def renew(self, executor_id: str, session: int, leases: Sequence[Lease]) -> Renewed:
        known = self._data.sessions.get(executor_id)
        if known:
            known.seen_ms = self._now
        verdict = SessionVerdict.OK if self._is_marked else SessionVerdict.NO_MARKER
        if known and known.number > session:
            verdict = SessionVerdict.SUPERSEDED
        lost: list[bytes] = []
        unknown: list[Lease] = []
        requested: list[RequestedStop] = []
        left: list[int] = []
        for task_id, attempt_id in leases:
            lease, kept = self._data.leases.get(task_id), self._data.kept.get(task_id)
            is_held = lease is not None and lease.attempt_id == attempt_id
            runs = (
                kept is not None and kept.standing.place == LEASED and kept.standing.attempt_id == attempt_id
            )
            if lease and is_held and lease.expiring_since_ms is not None:
                lost.append(attempt_id)
                continue
            if lease and is_held:
                left.append(max(0, round(lease.deadline_ms - self._now)))
                lease.deadline_ms, lease.renewed = self._now + self.lease_ms, True
            if verdict is SessionVerdict.NO_MARKER or not (is_held or (lease and runs)):
                unknown.append((task_id, attempt_id))
            elif kept and runs and kept.standing.requested:
                requested.append(RequestedStop(task_id, attempt_id, kept.standing.requested))
        return Renewed(verdict, lost, unknown, requested, min(left, default=None))
