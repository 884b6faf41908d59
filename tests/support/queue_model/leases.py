"""Handing tasks out, and keeping them."""

from __future__ import annotations

from collections.abc import Sequence

from asynctask_scheduler.queue.answers import Lane, Lease, Leased, Renewed, RequestedStop, SessionVerdict
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
        taken: list[Lease] = []
        wanted, blocked = min(len(attempt_ids), slots - len(self.held(executor_id))), False
        while len(taken) < wanted:
            heads = [
                (self.score(self._data.kept[line[0]].standing), line[0], lane)
                for lane in lanes
                if (line := self.line(lane))
            ]
            limits = self._data.limits
            startable = [head for head in heads if self.running(head[2][1]) < limits.get(head[2][1], 10**9)]
            blocked = blocked or len(startable) < len(heads)
            if not startable:
                break
            _, task_id, lane = min(startable)
            attempt_id = attempt_ids[len(taken)]
            self._data.leases[task_id] = HeldBy(attempt_id, executor_id, lane, self._now + self.lease_ms)
            taken.append((task_id, attempt_id))
        is_limited = any(task_type in self._data.limits for _, task_type in lanes)
        token = self._data.marker_token if wanted > 0 and is_limited else ""
        return Leased(SessionVerdict.OK, taken, blocked, len(taken) >= wanted, token)

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
                lease.deadline_ms, lease.renewed = self._now + self.lease_ms, True
            if verdict is SessionVerdict.NO_MARKER or not (is_held or (lease and runs)):
                unknown.append((task_id, attempt_id))
            elif kept and runs and kept.standing.requested:
                requested.append(RequestedStop(task_id, attempt_id, kept.standing.requested))
        return Renewed(verdict, lost, unknown, requested)
