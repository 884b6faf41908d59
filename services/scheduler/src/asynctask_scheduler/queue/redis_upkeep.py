"""Time, intents, limits and counts on Redis."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from asynctask_core.lease import gap_ms
from asynctask_core.limits import REGISTRY_DEADLINE_MS, TOMBSTONE_MS
from asynctask_scheduler.queue.answers import (
    REPLICA_LIVE_MS,
    REPLICA_NAMED_MS,
    CellOptions,
    ExpiredLease,
    ExpiredLeases,
    Intent,
    Lane,
    LaneStats,
    OldIntent,
    Promoted,
    QueueLanes,
    QueueStats,
    ReplicaNote,
    TypeLimit,
)
from asynctask_scheduler.queue.apply import pack_lane, startable_at_us
from asynctask_scheduler.queue.calls import RedisCalls, lane_of, pages, scan_set
from asynctask_scheduler.queue.connection import RedisConnection
from asynctask_scheduler.queue.hints import parse_lane
from asynctask_scheduler.queue.keys import Keys
from asynctask_scheduler.queue.lane_names import LaneNames
from asynctask_scheduler.queue.lease_clock import Judgement, LeaseClock, Tick

RESUME_MS: Final = REGISTRY_DEADLINE_MS
"""An expired lease is returned again if its end was not reported for so long: by then the call that reports it has
timed out. If settings give that call longer, the same end may be reported twice at once, which is harmless."""
FEW_LANES: Final = 100
"""How many lanes are read in one step: this takes Redis some hundred microseconds."""
_RENEWED, _EXCUSED = 1, 4
_STAMP_BYTES = 10


class RedisUpkeep(RedisCalls):
    """The part of the queue for periodic loops and for requests of people."""

    def __init__(
        self,
        connection: RedisConnection,
        keys: Keys,
        options: CellOptions,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(connection, keys, options)
        self._clock = clock
        self._last_tick: Tick | None = None
        self._lease_clock = LeaseClock(options.lease_ms)
        self._lane_names = LaneNames(lambda: scan_set(connection, keys["kinds"]))

    async def note_intents(self, task_ids: Sequence[bytes]) -> Intent:
        """See `QueueUpkeep.note_intents`."""
        return Intent(
            [await self._run("note_intent", [os.urandom(4), b"".join(page)]) for page in pages(task_ids)]
        )

    async def clear_intents(self, intent: Intent) -> None:
        """See `QueueUpkeep.clear_intents`."""
        if intent.members:
            await self._connection.command("ZREM", self._keys["intents"], *intent.members)

    async def old_intents(self, older_than_ms: int, limit: int) -> Sequence[OldIntent]:
        """See `QueueUpkeep.old_intents`."""
        now_ms, *members = await self._run("old_intents", [older_than_ms, limit])
        return [
            OldIntent(
                member=member,
                task_ids=[member[at : at + 16] for at in range(_STAMP_BYTES, len(member), 16)],
                age_ms=now_ms - int.from_bytes(member[:6], "big"),
            )
            for member in members
        ]

    async def settle_intents(self, left: Mapping[bytes, Sequence[bytes]]) -> None:
        """See `QueueUpkeep.settle_intents`."""
        for page in pages(list(left.items())):
            await self._run(
                "settle_intents", [part for member, rest in page for part in (member, b"".join(rest))]
            )

    async def expire_due(self, limit: int) -> ExpiredLeases:
        """See `QueueUpkeep.expire_due`."""
        lease_ms = self._options.lease_ms
        judgement = await self._judge()
        _, guarded, found = await self._run(
            "expire",
            [limit, lease_ms, gap_ms(lease_ms), RESUME_MS, judgement.judged_ms, int(judgement.stepped)],
        )
        if guarded:
            self._lease_clock.restart()
        leases = [
            ExpiredLease(
                task_id=entry[:16],
                attempt_id=entry[16:32],
                executor_id=entry[34:].decode(),
                renewed=bool(entry[32] & _RENEWED),
                excused=bool(entry[32] & _EXCUSED),
                started=bool(entry[33]),
            )
            for entry in found
        ]
        return ExpiredLeases(leases, bool(guarded), len(leases) >= limit)

    async def _judge(self) -> Judgement:
        asked_s = self._clock()
        now_ms, stored_ms = await self._run("read_clock")
        answered_s = self._clock()
        judgement = self._lease_clock.judge(
            self._last_tick, now_ms, asked_s, answered_s, stored_ms=None if stored_ms < 0 else stored_ms
        )
        self._last_tick = (now_ms, answered_s)
        return judgement

    async def promote(self, limit: int) -> Promoted:
        """See `QueueUpkeep.promote`."""
        count, ready, next_in_ms = await self._run("promote", [min(limit, 1000), TOMBSTONE_MS])
        return Promoted(count, frozenset(map(lane_of, ready)), None if next_in_ms < 0 else next_in_ms)

    async def claim_duty(self, name: str, owner: str, hold_ms: int) -> bool:
        """See `QueueUpkeep.claim_duty`."""
        return bool(await self._run("claim_duty", [name, owner, hold_ms]))

    async def announce(self, replica: str, *, joining: bool) -> CellOptions | None:
        """See `QueueUpkeep.announce`."""
        mine = self._options
        told = f"{mine.lease_ms} {mine.ageing_step_us}"
        other = await self._run("announce", [replica, told, REPLICA_LIVE_MS, int(joining)])
        return CellOptions(*map(int, other.split())) if other else None

    async def shut_out_former(self, replica: str) -> str:
        """See `QueueUpkeep.shut_out_former`."""
        return (await self._run("shut_out_former", [replica, REPLICA_LIVE_MS])).decode()

    async def leave(self, replica: str) -> None:
        """See `QueueUpkeep.leave`."""
        for key in ("replicas", "former_replicas", "health"):
            await self._connection.command("HDEL", self._keys[key], replica)

    async def note_health(self, replica: str, note: bytes) -> Sequence[ReplicaNote]:
        """See `QueueUpkeep.note_health`."""
        found = await self._run("note_health", [replica, note, REPLICA_LIVE_MS, REPLICA_NAMED_MS])
        return [ReplicaNote(name.decode(), age_ms, noted) for name, age_ms, noted in found]

    async def set_type_limits(self, limits: Sequence[TypeLimit]) -> None:
        """See `QueueUpkeep.set_type_limits`."""
        for page in pages(limits):
            await self._run("set_limits", [part for limit in page for part in limit])

    async def forget_types(self, deleted: Mapping[str, int]) -> None:
        """See `QueueUpkeep.forget_types`."""
        for page in pages(list(deleted.items())):
            await self._run("forget_types", [part for pair in page for part in pair])

    async def type_limits(self) -> Mapping[str, int]:
        """See `QueueUpkeep.type_limits`."""
        held: Mapping[bytes, bytes] = await self._connection.command("HGETALL", self._keys["limits"])
        return {name.decode(): int(limit) for name, limit in held.items()}

    async def type_versions(self) -> Mapping[str, int]:
        """See `QueueUpkeep.type_versions`."""
        held: Mapping[bytes, bytes] = await self._connection.command("HGETALL", self._keys["versions"])
        return {name.decode(): int(version) for name, version in held.items()}

    async def stats(self, *, with_lanes: bool = True) -> QueueStats:
        """See `QueueUpkeep.stats`."""
        timed, leases, expiring, intents = await self._run("stats")
        lanes: set[bytes] = set()
        if with_lanes:
            async for page in scan_set(self._connection, self._keys["kinds"]):
                lanes.update(page)
        return QueueStats(await self._lane_stats(lanes), timed, leases, expiring, intents)

    async def lanes(self, *, after: str = "", most: int = 1) -> QueueLanes:
        """See `QueueUpkeep.lanes`."""
        # Nearly every cell has few lanes: they are read in one call.
        answer = await self._run("lane_stats", [FEW_LANES])
        if answer:
            few = [one for one in self._read_lanes(answer) if one.queue > after]
            names = frozenset(sorted({lane.queue for lane in few})[:most])
            return QueueLanes(
                names, sorted((lane for lane in few if lane.queue in names), key=_by_name), answer[1]
            )
        found = await self._lane_names.page(after, most)
        lanes = await self._lane_stats([lane for of_queue in found.values() for lane in of_queue])
        return QueueLanes(frozenset(found), lanes, (await self.stats(with_lanes=False)).timed)

    async def depths(self, lanes: Sequence[Lane]) -> Sequence[LaneStats]:
        """See `QueueUpkeep.depths`."""
        return await self._lane_stats([pack_lane(*lane) for lane in lanes])

    async def _lane_stats(self, lanes: Collection[bytes]) -> list[LaneStats]:
        found: list[LaneStats] = []
        for page in pages(list(lanes)):
            found += self._read_lanes(await self._run("lane_stats", [FEW_LANES, *page]))
        return sorted(found, key=_by_name)

    def _read_lanes(self, answer: Sequence[Any]) -> Iterator[LaneStats]:
        step = self._options.ageing_step_us
        now_us, _, *lanes = answer
        for lane, ready, running, first in lanes:
            waited = max(0, round((int(now_us) - startable_at_us(first, step)) / 1000)) if first else None
            yield LaneStats(*parse_lane(lane), ready, running, waited)


def _by_name(lane: LaneStats) -> tuple[str, str]:
    return lane.queue, lane.task_type
