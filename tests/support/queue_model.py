"""The queue port in plain Python: what the scripts must do, said once more without Redis.

Nothing is stored that can be derived: a task is in line if its standing says so and it has no lease; limits are counted
by looking at all leases. Slow, and easy to believe. It passes the same contract suite as Redis
(`tests/contract/queue`), and stands in for it in unit tests. Time stands still until `advance`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from asynctask_core.limits import AGEING_STEP_US, LEASE_MS, TIMER_HORIZON_MS, TOMBSTONE_MS
from asynctask_protos.registry.v1.standing_pb2 import Place, Standing
from asynctask_scheduler.queue.port import (
    Applied,
    Drift,
    DriftKind,
    ExecutorState,
    Expired,
    ExpiredLease,
    HeldLease,
    Intent,
    KeptPage,
    KeptStanding,
    Kind,
    KindStats,
    Lease,
    LeaseAudit,
    Leased,
    OldIntent,
    ProgressNote,
    Promoted,
    QueueStats,
    Rebuild,
    Renewed,
    Requested,
    SessionInfo,
    StoreIdentity,
    StoreState,
    Verdict,
)

READY, TIMED, LEASED, NOWHERE = Place.PLACE_READY, Place.PLACE_TIMED, Place.PLACE_LEASED, Place.PLACE_NOWHERE
RESUME_MS = 5_000
SEEN_MS = 60_000
START_MS = 1_800_000_000_000


@dataclass
class Kept:
    """A standing, and for a timer when it is due by this store's clock."""

    standing: Standing
    due_ms: float = 0
    is_promoted: bool = False


@dataclass
class HeldBy:
    """A lease."""

    attempt_id: bytes
    executor_id: str
    kind: Kind
    deadline_ms: float
    renewed: bool = False
    excused: bool = False
    expiring_since_ms: float | None = None


@dataclass
class Session:
    """What is known of an executor."""

    info: SessionInfo
    number: int
    connected: bool = True
    draining: bool = False
    seen_ms: float = 0


@dataclass
class Shared:
    """All data of one store: what replicas share, and what a loss takes."""

    kept: dict[bytes, Kept] = field(default_factory=dict)
    gone: dict[bytes, tuple[int, float]] = field(default_factory=dict)
    leases: dict[bytes, HeldBy] = field(default_factory=dict)
    kinds: set[Kind] = field(default_factory=set)
    sessions: dict[str, Session] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    intents: dict[bytes, tuple[float, float]] = field(default_factory=dict)
    progress: dict[bytes, bytes] = field(default_factory=dict)
    duties: dict[str, tuple[float, str]] = field(default_factory=dict)
    rebuilds: set[str] = field(default_factory=set)
    marker: StoreIdentity | None = None
    marker_token: str = ""
    loaded: bool = False
    cursor: str = ""
    tick: tuple[float, StoreIdentity] | None = None
    grace_ms: float = 0


class ModelStore:
    """What replicas have in common: the data, its clock, its identity."""

    def __init__(self) -> None:
        self.data = Shared()
        self.now_ms: float = START_MS
        self.lives = 1
        self.nonce = 0

    @property
    def identity(self) -> StoreIdentity:
        return StoreIdentity(f"run-{self.lives}", f"history-{self.lives}")

    def flush(self) -> None:
        """Lose everything."""
        self.data = Shared()

    def restart(self) -> None:
        """Become another process with the same data."""
        self.lives += 1

    def advance(self, ms: float) -> None:
        """Let time pass."""
        self.now_ms += ms


class QueueModel:
    """One replica's view of a `ModelStore`; implements `Queue`."""

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
        self._last_tick: tuple[float, float] | None = None

    @property
    def _data(self) -> Shared:
        return self.store.data

    @property
    def _now(self) -> float:
        return self.store.now_ms

    @property
    def _is_marked(self) -> bool:
        return self._data.marker == self.store.identity

    # Derived facts

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

    def line(self, kind: Kind) -> list[bytes]:
        """Tasks in line, first one first."""
        found = [
            (self.score(kept.standing), task_id)
            for task_id, kept in self._data.kept.items()
            if task_id not in self._data.leases
            and kind_of(kept.standing) == kind
            and (kept.standing.place == READY or (kept.standing.place == TIMED and kept.is_promoted))
        ]
        return [task_id for _, task_id in sorted(found)]

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
        return sum(lease.kind[1] == task_type for lease in self._data.leases.values())

    # Standings

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
        kind = kind_of(kept.standing)
        if kept.standing.place == LEASED:
            self._data.kinds.add(kind)
            self._data.leases[task_id] = HeldBy(
                kept.standing.attempt_id, kept.standing.executor_id, kind, self._now + self.lease_ms
            )
            return Applied(leases_created=1)
        kept.is_promoted = kept.standing.place == TIMED and kept.due_ms <= self._now
        if kept.standing.place == READY or kept.is_promoted:
            self._data.kinds.add(kind)
            return Applied(ready=frozenset({kind}))
        return Applied()

    def _end(self, task_id: bytes) -> frozenset[str]:
        lease = self._data.leases.pop(task_id)
        self._data.progress.pop(task_id, None)
        self._data.kinds.add(lease.kind)
        self._freed_types = getattr(self, "_freed_types", set()) | {lease.kind[1]}
        return frozenset({lease.executor_id})

    def _drop(self, task_id: bytes) -> Applied:
        freed = self._end(task_id)
        return plus(Applied(freed=freed), self._settle(task_id))

    def _woken(self, freed: frozenset[str]) -> frozenset[Kind]:
        types, self._freed_types = getattr(self, "_freed_types", set()), set[str]()
        return frozenset(
            kind for kind in self._data.kinds if freed and kind[1] in types & self._data.limits.keys()
        )

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

    async def lease(
        self, executor_id: str, session: int, slots: int, kinds: Sequence[Kind], attempt_ids: Sequence[bytes]
    ) -> Leased:
        if not kinds or not attempt_ids:
            return Leased(Verdict.OK)
        known = self._data.sessions.get(executor_id)
        if known is None or known.number != session:
            return Leased(Verdict.SUPERSEDED if known and known.number > session else Verdict.NO_SESSION)
        if not self._is_marked:
            return Leased(Verdict.NO_MARKER)
        taken: list[Lease] = []
        wanted, blocked = min(len(attempt_ids), slots - len(self.held(executor_id))), False
        while len(taken) < wanted:
            heads = [
                (self.score(self._data.kept[line[0]].standing), line[0], kind)
                for kind in kinds
                if (line := self.line(kind))
            ]
            limits = self._data.limits
            startable = [head for head in heads if self.running(head[2][1]) < limits.get(head[2][1], 10**9)]
            blocked = blocked or len(startable) < len(heads)
            if not startable:
                break
            _, task_id, kind = min(startable)
            attempt_id = attempt_ids[len(taken)]
            self._data.leases[task_id] = HeldBy(attempt_id, executor_id, kind, self._now + self.lease_ms)
            taken.append((task_id, attempt_id))
        return Leased(Verdict.OK, taken, blocked, self._data.marker_token)

    async def renew(self, executor_id: str, session: int, leases: Sequence[Lease]) -> Renewed:
        known = self._data.sessions.get(executor_id)
        if known:
            known.seen_ms = self._now
        verdict = Verdict.OK if self._is_marked else Verdict.NO_MARKER
        if known and known.number > session:
            verdict = Verdict.SUPERSEDED
        lost: list[bytes] = []
        unknown: list[Lease] = []
        requested: list[Requested] = []
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
            if verdict is Verdict.NO_MARKER or not (is_held or (lease and runs)):
                unknown.append((task_id, attempt_id))
            elif kept and runs and kept.standing.requested:
                requested.append(Requested(task_id, attempt_id, kept.standing.requested))
        return Renewed(verdict, lost, unknown, requested)

    # Executors

    async def open_session(self, info: SessionInfo) -> tuple[int, Sequence[HeldLease]]:
        known = self._data.sessions.get(info.executor_id)
        number = max(round(self._now * 1000), known.number + 1 if known else 0)
        self._data.sessions[info.executor_id] = Session(info, number, seen_ms=self._now)
        return number, [
            HeldLease(task_id, lease.attempt_id, self._is_confirmed(task_id))
            for task_id, lease in self._data.leases.items()
            if lease.executor_id == info.executor_id
        ]

    async def restore_session(self, info: SessionInfo, session: int, *, draining: bool = False) -> bool:
        known = self._data.sessions.get(info.executor_id)
        if known and known.number > session:
            return False
        self._data.sessions[info.executor_id] = Session(info, session, draining=draining, seen_ms=self._now)
        return True

    def _current(self, executor_id: str, session: int) -> Session | None:
        known = self._data.sessions.get(executor_id)
        return known if known and known.number == session else None

    async def set_slots(self, executor_id: str, session: int, slots: int) -> None:
        if known := self._current(executor_id, session):
            known.info = replace(known.info, slots=slots)

    async def close_session(self, executor_id: str, session: int) -> None:
        if known := self._current(executor_id, session):
            known.connected = False

    async def set_draining(self, executor_id: str) -> bool:
        known = self._data.sessions.get(executor_id)
        if known:
            known.draining = True
        return known is not None

    async def touch(self, executor_ids: Sequence[str]) -> None:
        for executor_id in executor_ids:
            if known := self._data.sessions.get(executor_id):
                known.seen_ms = self._now

    async def executors(self) -> Sequence[ExecutorState]:
        return [
            ExecutorState(
                known.info,
                known.number,
                len(self.held(executor_id)),
                known.connected,
                known.draining,
                round(self._now - known.seen_ms),
            )
            for executor_id, known in sorted(self._data.sessions.items())
            if self._now - known.seen_ms <= SEEN_MS
        ]

    # Intents

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

    # Time

    async def expire_due(self, limit: int) -> Expired:
        if not self._is_marked:
            return Expired()
        data, now, tolerance = self._data, self._now, self.lease_ms // 3
        guarded = (
            data.tick is None or data.tick[1] != self.store.identity or abs(now - data.tick[0]) > tolerance
        )
        if self._last_tick is not None:
            passed = now - self._last_tick[0]
            guarded = guarded or abs(passed - (self.clock_ms - self._last_tick[1])) > tolerance
        self._last_tick = (now, self.clock_ms)
        data.tick = (now, self.store.identity)
        if guarded:
            data.grace_ms = now + self.lease_ms
        for lease in data.leases.values():
            if lease.expiring_since_ms is None and lease.deadline_ms > now + self.lease_ms + tolerance:
                lease.deadline_ms = now + self.lease_ms
            if lease.expiring_since_ms is not None and lease.expiring_since_ms > now + tolerance:
                lease.expiring_since_ms = now
        if guarded:
            return Expired(guarded=True)
        found: list[ExpiredLease] = []
        for task_id, lease in data.leases.items():
            since = lease.expiring_since_ms
            is_due = since is None and lease.deadline_ms <= now and now >= data.grace_ms
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
        return Expired(found, more=len(found) >= limit)

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
        self._data.kinds |= ready
        rest = self._timers()
        return Promoted(len(due), ready, max(0, round(rest[0][0] - self._now)) if rest else None)

    async def claim_duty(self, name: str, owner: str, hold_ms: int) -> bool:
        until_ms, holder = self._data.duties.get(name, (0, owner))
        if holder != owner and self._now < until_ms <= self._now + hold_ms:
            return False
        self._data.duties[name] = (self._now + hold_ms, owner)
        return True

    # People and limits

    async def set_type_limits(self, limits: Mapping[str, int]) -> None:
        self._data.limits = dict(limits)

    async def type_limits(self) -> Mapping[str, int]:
        return dict(self._data.limits)

    async def stats(self) -> QueueStats:
        kinds: list[KindStats] = []
        for kind in sorted(self._data.kinds):
            line = self.line(kind)
            head = round(self._now - self._data.kept[line[0]].standing.ready_at_us / 1000) if line else None
            running = sum(lease.kind == kind for lease in self._data.leases.values())
            kinds.append(KindStats(*kind, len(line), running, None if head is None else max(0, head)))
        expiring = sum(lease.expiring_since_ms is not None for lease in self._data.leases.values())
        return QueueStats(
            kinds, len(self._timers()), len(self._data.leases), expiring, len(self._data.intents)
        )

    async def put_progress(self, notes: Sequence[ProgressNote]) -> None:
        for note in notes:
            lease = self._data.leases.get(note.task_id)
            if lease and lease.attempt_id == note.attempt_id:
                self._data.progress[note.task_id] = note.data

    async def get_progress(self, task_ids: Sequence[bytes]) -> Mapping[bytes, bytes]:
        return {
            task_id: self._data.progress[task_id] for task_id in task_ids if task_id in self._data.progress
        }

    # Rebuild, sweep and doctor

    async def check(self) -> None:
        return

    async def store_state(self) -> StoreState:
        data = self._data
        return StoreState(self.store.identity, self._is_marked, self._is_marked and data.loaded, data.cursor)

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

    async def save_cursor(self, identity: StoreIdentity, cursor: str, *, loaded: bool) -> bool:
        if identity != self.store.identity or not self._is_marked:
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


def kind_of(standing: Standing) -> Kind:
    return standing.queue, standing.task_type


def copy_of(standing: Standing) -> Standing:
    copy = Standing()
    copy.CopyFrom(standing)
    return copy


def plus(left: Applied, right: Applied) -> Applied:
    return Applied(
        left.changed + right.changed,
        left.leases_created + right.leases_created,
        left.ready | right.ready,
        left.freed | right.freed,
    )
