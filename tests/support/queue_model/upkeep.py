"""Time, intents, limits and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from asynctask_core.lease import gap_ms, step_ms
from asynctask_core.limits import TOMBSTONE_MS
from asynctask_scheduler.queue.answers import (
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
from tests.support.queue_model.facts import Facts
from tests.support.queue_model.store import TIMED, Kept, kind_of

RESUME_MS = 5_000
LIVE_MS = 10_000
NAMED_MS = 600_000


class Upkeep(Facts):
    """The part of `Queue` that loops and people use."""

    async def note_intents(self, task_ids: Sequence[bytes]) -> Intent:
        self.store.nonce += 1
        member = self.store.nonce.to_bytes(8, "big") + b"".join(task_ids)
        self._data.intents[member] = (self._now, self._now)
        return Intent([member])

    async def clear_intents(self, intent: Intent) -> None:
        for member in intent.members:
            self._data.intents.pop(member, None)

    async def old_intents(self, older_than_ms: int, limit: int) -> Sequence[OldIntent]:
        found = sorted((looked, noted, member) for member, (noted, looked) in self._data.intents.items())
        old = [one for one in found if one[0] <= self._now - older_than_ms]
        return [
            OldIntent(
                member,
                [member[at : at + 16] for at in range(8, len(member), 16)],
                round(self._now - noted),
            )
            for _, noted, member in (old or [one for one in found if one[0] >= self._now + older_than_ms])[
                :limit
            ]
        ]

    async def settle_intents(self, left: Mapping[bytes, Sequence[bytes]]) -> None:
        for member, rest in left.items():
            found = self._data.intents.pop(member, None)
            if found and rest:
                self._data.intents[member[:8] + b"".join(rest)] = (found[0], self._now)

    async def expire_due(self, limit: int) -> ExpiredLeases:
        if not self._is_marked:
            return ExpiredLeases()
        data, now, tolerance = self._data, self._now, gap_ms(self.lease_ms)
        judged, stepped = self._judge()
        guarded = (
            data.tick is None
            or data.tick[1] != self.store.identity
            or abs(now - data.tick[0]) > tolerance
            or stepped
        )
        data.tick = (now, self.store.identity)
        data.lag_ms = now - judged
        if guarded:
            del self._looks[:-1]
        if guarded:
            data.grace_ms = now + self.lease_ms
        for lease in data.leases.values():
            if lease.expiring_since_ms is None and lease.deadline_ms > now + self.lease_ms + tolerance:
                lease.deadline_ms = now + self.lease_ms
            if lease.expiring_since_ms is not None and lease.expiring_since_ms > now + tolerance:
                lease.expiring_since_ms = now
        if guarded:
            return ExpiredLeases(guarded=True)
        found: list[ExpiredLease] = []
        for task_id, lease in data.leases.items():
            since = lease.expiring_since_ms
            is_due = since is None and lease.deadline_ms <= judged and judged >= data.grace_ms
            if len(found) < limit and (is_due or (since is not None and since <= now - RESUME_MS)):
                if is_due:
                    lease.excused = lease.deadline_ms <= data.grace_ms
                lease.expiring_since_ms = now
                found.append(
                    ExpiredLease(
                        task_id,
                        lease.attempt_id,
                        lease.executor_id,
                        lease.renewed,
                        lease.excused,
                        self._is_confirmed(task_id),
                    )
                )
        return ExpiredLeases(found, more=len(found) >= limit)

    def _judge(self) -> tuple[float, bool]:
        """Up to when leases have run out on both clocks, and whether these disagree by more than a step."""
        now, mine = self._now, self.clock_ms
        if not self._looks and self._data.tick is not None:
            # What another replica has judged by then is the only word on the time before.
            self._looks.append((mine, min(now, self._data.tick[0] - self._data.lag_ms) - mine, False))
        self._looks.append((mine, now - mine, True))
        older = [n for n, (at, _, _) in enumerate(self._looks) if at <= mine - self.lease_ms]
        del self._looks[: max(older, default=0)]
        steps = [now - mine - difference for _, difference, is_own in self._looks if is_own]
        judged = mine + min(difference for _, difference, _ in self._looks)
        return judged, max(map(abs, steps)) > step_ms(self.lease_ms)

    async def promote(self, limit: int) -> Promoted:
        if not self._is_marked:
            return Promoted()
        due = [task_id for due_ms, task_id in self._timers() if due_ms <= self._now][:limit]
        for task_id in due:
            self._data.kept[task_id].is_promoted = True
        for task_id, (_, at_ms) in list(self._data.gone.items()):
            # Redis forgets in steps of five minutes, so up to so much later.
            if at_ms < self._now - TOMBSTONE_MS - 300_000:
                del self._data.gone[task_id]
        ready = frozenset(kind_of(self._data.kept[task_id].standing) for task_id in due)
        rest = self._timers()
        return Promoted(len(due), ready, max(0, round(rest[0][0] - self._now)) if rest else None)

    async def claim_duty(self, name: str, owner: str, hold_ms: int) -> bool:
        until_ms, holder = self._data.duties.get(name, (0, owner))
        if holder != owner and self._now < until_ms <= self._now + hold_ms:
            return False
        self._data.duties[name] = (self._now + hold_ms, owner)
        return True

    async def announce(self, replica: str, *, joining: bool) -> CellOptions | None:
        told = CellOptions(self.lease_ms, self.ageing_step_us)
        known = self._data.replicas
        for name, (seen_ms, _) in list(known.items()):
            if abs(self._now - seen_ms) > LIVE_MS:
                del known[name]
        others = [its for name, (_, its) in known.items() if name != replica and its != told]
        if not (joining and others):
            known[replica] = (self._now, told)
        return others[-1] if others else None

    async def shut_out_former(self, replica: str) -> str:
        data = self._data
        data.former = {name: one for name, one in data.former.items() if abs(self._now - one[0]) <= LIVE_MS}
        if living := [name for name, (_, is_ours) in data.former.items() if not is_ours]:
            return living[0]
        if data.former_tick_ms is not None:
            if data.tick is None or data.former_tick_ms > data.tick[0]:
                data.marker = None
            data.former_tick_ms = None
        data.former[replica] = (self._now, True)
        return ""

    async def leave(self, replica: str) -> None:
        self._data.replicas.pop(replica, None)
        self._data.notes.pop(replica, None)
        self._data.former.pop(replica, None)

    async def note_health(self, replica: str, note: bytes) -> Sequence[ReplicaNote]:
        known = self._data.notes
        known[replica] = (self._now, note)
        for name, (noted_ms, _) in list(known.items()):
            if abs(self._now - noted_ms) > NAMED_MS:
                del known[name]
        without = {
            name: (at, b"")
            for name, (at, _) in self._data.replicas.items()
            if name not in known and abs(self._now - at) <= LIVE_MS
        }
        return [
            ReplicaNote(name, max(0, round(self._now - at)), told)
            for name, (at, told) in {**known, **without}.items()
        ]

    async def set_type_limits(self, limits: Sequence[TypeLimit]) -> None:
        for limit in limits:
            if limit.version >= self._data.versions.get(limit.task_type, 0):
                self._data.versions[limit.task_type] = limit.version
                self._data.limits[limit.task_type] = limit.max_running
                if not limit.max_running:
                    del self._data.limits[limit.task_type]

    async def forget_types(self, deleted: Mapping[str, int]) -> None:
        for name, version in deleted.items():
            if self._data.versions.get(name, version + 1) <= version:
                del self._data.versions[name]
                self._data.limits.pop(name, None)

    async def type_limits(self) -> Mapping[str, int]:
        return dict(self._data.limits)

    async def type_versions(self) -> Mapping[str, int]:
        return dict(self._data.versions)

    async def lanes(self, *, after: str = "", most: int = 1) -> QueueLanes:
        stats = await self.stats()
        lines = stats.lanes
        names = sorted({line.queue for line in lines if line.queue > after})
        chosen = frozenset(names[:most])
        return QueueLanes(chosen, [line for line in lines if line.queue in chosen], stats.timed)

    async def depths(self, lanes: Sequence[Lane]) -> Sequence[LaneStats]:
        lines = (await self.stats()).lanes
        return [line for line in lines if (line.queue, line.task_type) in lanes and line.ready + line.running]

    async def stats(self, *, with_lanes: bool = True) -> QueueStats:
        lanes: list[LaneStats] = []
        for lane in sorted(self._kinds()) if with_lanes else ():
            line = self.line(lane)
            head = round(self._now - _startable_ms(self._data.kept[line[0]])) if line else None
            running = sum(lease.lane == lane for lease in self._data.leases.values())
            lanes.append(LaneStats(*lane, len(line), running, None if head is None else max(0, head)))
        expiring = sum(lease.expiring_since_ms is not None for lease in self._data.leases.values())
        return QueueStats(
            lanes, len(self._timers()), len(self._data.leases), expiring, len(self._data.intents)
        )


def _startable_ms(kept: Kept) -> float:
    ready_ms = kept.standing.ready_at_us / 1000
    return max(ready_ms, kept.due_ms) if kept.standing.place == TIMED else ready_ms
