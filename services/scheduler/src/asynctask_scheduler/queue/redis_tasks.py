"""Standings and leases on Redis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from asynctask_core.limits import BATCH_ITEMS, TIMER_HORIZON_MS
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.queue.answers import (
    Applied,
    Lane,
    Lease,
    Leased,
    LeaseState,
    Renewed,
    RequestedStop,
    SessionVerdict,
    TaskPosition,
)
from asynctask_scheduler.queue.apply import pack_lane, pack_standings, rounds
from asynctask_scheduler.queue.calls import RedisCalls, applied, pages, together
from asynctask_scheduler.queue.connection import Argument

ID_BYTES: Final = 16


class RedisTasks(RedisCalls):
    """`TaskLeases` on Redis."""

    async def apply(self, standings: Sequence[Standing]) -> Applied:
        """See `TaskLeases.apply`."""
        parts: list[Applied] = []
        for page in (page for once in rounds(standings) for page in pages(once)):
            feed, packed = pack_standings(page, self._options.ageing_step_us)
            arguments: list[Argument] = [self._options.lease_ms, TIMER_HORIZON_MS, feed, *packed]
            parts.append(applied(await self._run("apply", arguments)))
        return together(parts)

    async def abandon(self, leases: Sequence[Lease]) -> Applied:
        """See `TaskLeases.abandon`."""
        return together(
            [
                applied(
                    await self._run(
                        "abandon", [self._options.lease_ms, *(task + attempt for task, attempt in page)]
                    )
                )
                for page in pages(list(dict.fromkeys(leases)))
            ]
        )

    async def lease(
        self, executor_id: str, session: int, slots: int, lanes: Sequence[Lane], attempt_ids: Sequence[bytes]
    ) -> Leased:
        """See `TaskLeases.lease`. At most 1,000 in one call."""
        if not lanes or not attempt_ids:
            return Leased(SessionVerdict.OK)
        attempt_ids = next(iter(pages(attempt_ids)))
        packed = [pack_lane(queue, task_type) for queue, task_type in dict.fromkeys(lanes)]
        arguments = [executor_id, session, slots, self._options.lease_ms, b"".join(attempt_ids), *packed]
        verdict, taken, blocked, filled, token = await self._run("lease", arguments, repeatable=False)
        task_ids = [taken[at : at + ID_BYTES] for at in range(0, len(taken), ID_BYTES)]
        leases = list(zip(task_ids, attempt_ids, strict=False))
        return Leased(SessionVerdict(verdict.decode()), leases, bool(blocked), bool(filled), token.decode())

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
        """See `TaskLeases.lease_eagerly`."""
        named = b"".join(task_id + attempt_id for task_id, attempt_id in leases)
        packed = [pack_lane(queue, task_type) for queue, task_type in dict.fromkeys(lanes)]
        arguments = [executor_id, session, slots, self._options.lease_ms, pack_lane(*lane), named, *packed]
        verdict, taken, token = await self._run("lease_eagerly", arguments, repeatable=False)
        return Leased(SessionVerdict(verdict.decode()), leases if taken else (), rebuild_token=token.decode())

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
        """See `TaskLeases.explain`."""
        packed = [pack_lane(*served) for served in dict.fromkeys(lanes)]
        arguments = [task_id, pack_lane(*lane), executor_id, session, slots, BATCH_ITEMS, *packed]
        marked, place, ahead, first_priority, elsewhere, limit, running, taken, lease = await self._run(
            "explain", arguments
        )
        return TaskPosition(
            is_rebuilt=bool(marked),
            place=place,
            ahead=ahead if ahead >= 0 else None,
            first_priority=first_priority,
            ahead_elsewhere=elsewhere,
            limit=limit,
            running=running,
            is_next=bool(taken),
            lease=self._lease_state(*lease) if lease else None,
        )

    def _lease_state(self, executor_id: bytes, started: int, expiring: int, left_ms: int) -> LeaseState:
        silent_ms = max(0, self._options.lease_ms - left_ms)
        return LeaseState(executor_id.decode(), bool(started), bool(expiring), silent_ms)

    async def renew(self, executor_id: str, session: int, leases: Sequence[Lease]) -> Renewed:
        """See `TaskLeases.renew`."""
        verdict = SessionVerdict.OK
        lost: list[bytes] = []
        unknown: list[Lease] = []
        requested: list[RequestedStop] = []
        left: list[int] = []
        for page in list(pages(leases)) or [()]:
            arguments = [
                executor_id,
                session,
                self._options.lease_ms,
                *(task + attempt for task, attempt in page),
            ]
            answer = await self._run("renew", arguments)
            verdict = SessionVerdict(answer[0].decode())
            lost += answer[1]
            unknown += [(name[:16], name[16:]) for name in answer[2]]
            requested += [RequestedStop(name[:16], name[16:32], name[32]) for name in answer[3]]
            if answer[4] >= 0:
                left.append(answer[4])
        return Renewed(verdict, lost, unknown, requested, min(left, default=None))
