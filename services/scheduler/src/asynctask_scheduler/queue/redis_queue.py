"""The queue port on Redis 7.0 and later, and Valkey 7.2 and later."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from asynctask_core.limits import AGEING_STEP_US, LEASE_MS, TIMER_HORIZON_MS
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.queue.answers import (
    Applied,
    CellOptions,
    Lane,
    Lease,
    Leased,
    Renewed,
    RequestedStop,
    SessionVerdict,
)
from asynctask_scheduler.queue.apply import pack_lane, pack_standings, rounds
from asynctask_scheduler.queue.calls import applied, pages, together
from asynctask_scheduler.queue.connection import TIMEOUT_S, Argument, RedisConnection
from asynctask_scheduler.queue.keys import CHANNELS, Keys
from asynctask_scheduler.queue.redis_executors import RedisExecutors
from asynctask_scheduler.queue.redis_repair import RedisRepair
from asynctask_scheduler.queue.redis_upkeep import RedisUpkeep

ID_BYTES: Final = 16


class RedisQueue(RedisExecutors, RedisUpkeep, RedisRepair):
    """`Queue` on Redis. The heads of `lua/*.lua` specify the verbs."""

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        cell: str = "main",
        lease_ms: int = LEASE_MS,
        ageing_step_us: int = AGEING_STEP_US,
        timeout_s: float = TIMEOUT_S,
    ) -> RedisQueue:
        """The queue of a cell in the store at `url`; connects when first used. ValueError when the URL is wrong.

        `lease_ms` and `ageing_step_us` must be the same on every replica of a cell. No call takes longer than
        `timeout_s`.
        """
        connection = RedisConnection(url, timeout_s=timeout_s)
        return cls(connection, Keys(cell), CellOptions(lease_ms, ageing_step_us))

    async def apply(self, standings: Sequence[Standing]) -> Applied:
        """See `Queue.apply`."""
        parts: list[Applied] = []
        for page in (page for once in rounds(standings) for page in pages(once)):
            feed, packed = pack_standings(page, self._options.ageing_step_us)
            arguments: list[Argument] = [self._options.lease_ms, TIMER_HORIZON_MS, feed, *packed]
            parts.append(applied(await self._run("apply", arguments)))
        return together(parts)

    async def abandon(self, leases: Sequence[Lease]) -> Applied:
        """See `Queue.abandon`."""
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
        """See `Queue.lease`. At most 1,000 in one call."""
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
        """See `Queue.lease_eagerly`."""
        named = b"".join(task_id + attempt_id for task_id, attempt_id in leases)
        packed = [pack_lane(queue, task_type) for queue, task_type in dict.fromkeys(lanes)]
        arguments = [executor_id, session, slots, self._options.lease_ms, pack_lane(*lane), named, *packed]
        verdict, taken, token = await self._run("lease_eagerly", arguments, repeatable=False)
        return Leased(SessionVerdict(verdict.decode()), leases if taken else (), rebuild_token=token.decode())

    async def renew(self, executor_id: str, session: int, leases: Sequence[Lease]) -> Renewed:
        """See `Queue.renew`."""
        verdict = SessionVerdict.OK
        lost: list[bytes] = []
        unknown: list[Lease] = []
        requested: list[RequestedStop] = []
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
        return Renewed(verdict, lost, unknown, requested)

    async def subscribe(self, channels: Sequence[str]) -> AsyncGenerator[tuple[str, bytes]]:
        """Listen to hints: pairs of a channel's short name and a message; ("", b"") when some may have been missed.

        Never ends by itself and raises no error of the store: it reconnects for as long as necessary.
        """
        if unknown := set(channels) - set(CHANNELS):
            raise ValueError(f"there is no channel {', '.join(sorted(unknown))}")
        names = {self._keys.below(channel): channel for channel in channels} | {b"": ""}
        async with contextlib.aclosing(self._connection.listen([name for name in names if name])) as messages:
            async for channel, data in messages:
                yield names[channel], data

    async def publish(self, channel: str, data: bytes) -> None:
        """Send a hint to every replica."""
        await self._connection.command("PUBLISH", self._keys.below(channel), data)

    async def close(self) -> None:
        """See `Queue.close`."""
        await self._connection.close()
