"""The queue as the rest of the scheduler sees it: what is ready, what is leased to whom until when.

Everything here can be lost and is rebuilt from the registry; nothing here is believed against it. `apply` is the only
call that changes queues, and it only carries over what the registry decided; `lease` is the only one that hands tasks
out, and the registry decides whether they start.

Every call is one atomic step in the store, bounded by its time-out. All of them raise `StoreUnavailable` when the store
did not answer; then the step may or may not have happened, and only `lease` may not simply be repeated (its leases, if
there are any, run out by themselves). Times are Redis' own clock; callers only see durations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from asynctask_protos.registry.v1.standing_pb2 import Place, Standing

Kind = tuple[str, str]
"""A queue and a task type: tasks of one kind stand in one line."""

Lease = tuple[bytes, bytes]
"""A task id and an attempt id, 16 bytes each."""


class StoreUnsuitable(Exception):
    """The store answers but cannot be used as it is configured; the message says what to change. Only at start."""


class Verdict(StrEnum):
    """Whether an executor's call was in order."""

    OK = "ok"
    SUPERSEDED = "superseded"
    """A newer session of this executor is known: end the stream."""
    NO_SESSION = "no_session"
    """The store knows no session of this executor (it was lost): `restore_session`, then repeat. Only of `lease`."""
    NO_MARKER = "no_marker"
    """The store is not rebuilt yet (rebuild is told by its own loop): nothing is handed out."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a change of queues did."""

    changed: int = 0
    """Standings newer than what was kept."""
    leases_created: int = 0
    ready: frozenset[Kind] = frozenset()
    """Kinds that have something to hand out now: new tasks, or room under a limit of their type."""
    freed: frozenset[str] = frozenset()
    """Executors that hold fewer leases now."""


@dataclass(frozen=True, slots=True)
class Leased:
    """What a pop handed out, in dispatch order."""

    verdict: Verdict
    leases: Sequence[Lease] = ()
    blocked: bool = False
    """Ready tasks stayed behind because their type is at its limit; `Applied.ready` and `wake` tell of room."""


@dataclass(frozen=True, slots=True)
class Requested:
    """What a person asked of a running attempt; `requested` is the number of the proto enum, never 0."""

    task_id: bytes
    attempt_id: bytes
    requested: int


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of the leases named in a renewal. What is in none of the lists was renewed."""

    verdict: Verdict
    lost: Sequence[bytes] = ()
    """Attempts whose lease ran out: stop them."""
    unknown: Sequence[Lease] = ()
    """Ask the registry (`ConfirmLeases`), apply its standings, and answer from them: LEASED under this attempt is
    alive (renew again to extend it, once the verdict allows it), anything else is lost. With NO_MARKER it is all."""
    requested: Sequence[Requested] = ()


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease of an executor. `started` is False while the answer of its StartAttempts is not known here."""

    task_id: bytes
    attempt_id: bytes
    started: bool


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What an executor says of itself in its Hello."""

    executor_id: str
    display_name: str
    slots: int
    task_types: tuple[str, ...]
    queues: tuple[str, ...]
    sdk_version: str


@dataclass(frozen=True, slots=True)
class ExecutorState:
    """An executor as the store knows it."""

    info: SessionInfo
    session: int
    """Microseconds of Redis' clock when the session was opened."""
    running: int
    connected: bool
    draining: bool
    last_seen_ms: int
    """Milliseconds since its last sign of life."""


@dataclass(frozen=True, slots=True)
class Intent:
    """That some call may be changing tasks; handed out by `note_intents`, given back to `clear_intents`."""

    members: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class OldIntent:
    """An intent whose call never came back."""

    member: bytes
    task_ids: Sequence[bytes]
    age_ms: int
    """Since it was noted."""


@dataclass(frozen=True, slots=True)
class ExpiredLease:
    """A lease that ran out and waits in `expiring` until the registry has ended its attempt."""

    task_id: bytes
    attempt_id: bytes
    executor_id: str
    renewed: bool
    """It was renewed at least once: the loss counts against the crash budget."""
    excused: bool
    """It follows from an outage of ours: it counts against no budget."""
    started: bool
    """False when the start of the attempt was never confirmed here."""


@dataclass(frozen=True, slots=True)
class Expired:
    """What a look for silent executors found."""

    leases: Sequence[ExpiredLease] = ()
    guarded: bool = False
    """The clock guard tripped: every lease got a whole new length, nothing expired."""
    more: bool = False


@dataclass(frozen=True, slots=True)
class Promoted:
    """What became due."""

    count: int = 0
    ready: frozenset[Kind] = frozenset()
    next_in_ms: int | None = None
    """Until the next timer is due, 0 when more are due now; None when there is none."""


@dataclass(frozen=True, slots=True)
class KindStats:
    """One line of tasks."""

    queue: str
    task_type: str
    ready: int
    running: int
    """Live leases, `expiring` ones included."""
    head_ready_ms: int | None
    """Milliseconds since the first in line became ready; None when nobody waits."""


@dataclass(frozen=True, slots=True)
class QueueStats:
    """The queues at one moment."""

    kinds: Sequence[KindStats] = ()
    timed: int = 0
    """Timers loaded: tasks due within the next minutes."""
    leases: int = 0
    expiring: int = 0
    intents: int = 0


@dataclass(frozen=True, slots=True)
class StoreIdentity:
    """Which server, and which history of its data: both change when anything may have been lost."""

    run_id: str
    replid: str


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A rebuild under way, of the store that this was then."""

    identity: StoreIdentity
    token: str


@dataclass(frozen=True, slots=True)
class StoreState:
    """How far the store is rebuilt."""

    identity: StoreIdentity
    marked: bool
    """The marker is there and names this identity: leases may be handed out."""
    loaded: bool
    """Every queued task has been loaded since the marker was set."""
    cursor: str
    """Where loading goes on."""


class DriftKind(StrEnum):
    """How the store differs from the registry about one task."""

    MISSING = "missing"
    """It is not known, and should stand somewhere."""
    OUTDATED = "outdated"
    """An older version is kept."""
    MISPLACED = "misplaced"
    """The version is right; it is not where that version puts it."""
    ORPHANED = "orphaned"
    """The registry does not know this task."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference."""

    task_id: bytes
    kind: DriftKind


@dataclass(frozen=True, slots=True)
class KeptStanding:
    """What the store keeps of one task."""

    task_id: bytes
    version: int
    place: Place.ValueType


@dataclass(frozen=True, slots=True)
class KeptPage:
    """Some of what the store keeps; a task may come in two pages."""

    standings: Sequence[KeptStanding]
    cursor: int
    """For the next page; 0 after the last."""


@dataclass(frozen=True, slots=True)
class ProgressNote:
    """The latest progress of an attempt, opaque to the queue."""

    task_id: bytes
    attempt_id: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class LeaseAudit:
    """Whether the sets that limits are counted from agree with the leases."""

    leases: int = 0
    stray_members: int = 0
    """Counted, but no lease stands behind it; removed when `fix` was asked."""
    uncounted_leases: int = 0
    """Leases that are not counted; counted again when `fix` was asked."""
    held_by: Mapping[str, int] = field(default_factory=dict[str, int])
    """Leases by executor."""


class Queue(Protocol):
    """The queues of one cell. See the module for what holds for every call."""

    # Standings

    async def apply(self, standings: Sequence[Standing]) -> Applied:
        """Bring the queues to these standings, in any order, any number of times.

        An older version than the kept one is ignored, an equal one applied again (repair). LEASED creates a missing
        lease (now + lease), replaces that of another started attempt, never lengthens a deadline and never takes an
        attempt out of `expiring`. A lease whose start is not confirmed goes only by `abandon`, or when the proof of
        its start (LEASED, even an old one) arrives; until then other standings of its task are kept and take effect
        when it goes. Publishes the hints `feed`, `wake` and `control`. More than 1,000 take several steps.
        """
        ...

    async def abandon(self, leases: Sequence[Lease]) -> Applied:
        """Drop leases whose attempt is over: its StartAttempts was refused, or EndAttempts was answered.

        Apply the standings of that answer first. A lease of another attempt stays. What is kept of the task takes
        effect again, so it is ready, timed or leased to another at once.
        """
        ...

    async def lease(
        self,
        executor_id: str,
        session: int,
        slots: int,
        kinds: Sequence[Kind],
        attempt_ids: Sequence[bytes],
    ) -> Leased:
        """Take the best ready tasks of these kinds for one executor, one under each attempt id, best score first.

        Never more than `slots` less its live leases, nor more of a type than its limit leaves, over all replicas;
        what a limit blocks holds up nothing else. Only under the current session and while the marker stands. After
        `StoreUnavailable` the attempt ids may be in use: mint new ones.
        """
        ...

    async def renew(self, executor_id: str, session: int, leases: Sequence[Lease]) -> Renewed:
        """Extend these leases to now + lease, and note that the executor lives, whatever the verdict."""
        ...

    # Executors

    async def open_session(self, info: SessionInfo) -> tuple[int, Sequence[HeldLease]]:
        """Open a session above every earlier one of this executor; with the leases that earlier ones hold."""
        ...

    async def restore_session(self, info: SessionInfo, session: int, *, draining: bool = False) -> bool:
        """Write a session back after a loss; the highest number wins. False when a newer one is known."""
        ...

    async def set_slots(self, executor_id: str, session: int, slots: int) -> None:
        """Note the slots, for people; `lease` is told them. Nothing happens under an older session."""
        ...

    async def set_draining(self, executor_id: str) -> bool:
        """Note that the executor was asked to end, and publish it (`drain`). False when it is not known."""
        ...

    async def touch(self, executor_ids: Sequence[str]) -> None:
        """Note that these executors' streams are open; every 10 seconds will do."""
        ...

    async def close_session(self, executor_id: str, session: int) -> None:
        """Note that the stream ended, unless a newer session is open. Leases stay until they run out."""
        ...

    async def executors(self) -> Sequence[ExecutorState]:
        """Every executor with an open stream or seen in the last minute, by id."""
        ...

    # Intents

    async def note_intents(self, task_ids: Sequence[bytes]) -> Intent:
        """Remember that a call is about to change these tasks, in case it never comes back."""
        ...

    async def clear_intents(self, intent: Intent) -> None:
        """Forget an intent: its standings are applied, or the call surely changed nothing."""
        ...

    async def old_intents(self, older_than_ms: int, limit: int) -> Sequence[OldIntent]:
        """Intents not looked at for so long, longest first."""
        ...

    async def settle_intents(self, left: Mapping[bytes, Sequence[bytes]]) -> None:
        """Replace members by the task ids that are left of them; those look fresh again, and keep their age."""
        ...

    # Time

    async def expire_due(self, limit: int) -> Expired:
        """Move leases past their deadline to `expiring`; with them those that have been there for 5 s unanswered.

        Needs the marker. The clock guard comes first: when Redis' clock and this process' disagree since the last
        look, when nobody looked for a third of a lease, or when the store changed, all leases get a new length.
        """
        ...

    async def promote(self, limit: int) -> Promoted:
        """Put tasks that are due in line. Needs the marker. Also drops what is remembered of tasks long gone."""
        ...

    async def claim_duty(self, name: str, owner: str, hold_ms: int) -> bool:
        """Take or keep a duty that one replica does at a time. A courtesy: the work must stand being done twice."""
        ...

    # What people and limits want

    async def set_type_limits(self, limits: Mapping[str, int]) -> None:
        """Replace the limits of running tasks by type; a type that is not named has none."""
        ...

    async def type_limits(self) -> Mapping[str, int]:
        """The limits that hold now."""
        ...

    async def stats(self) -> QueueStats:
        """Depths and counts at one moment."""
        ...

    async def put_progress(self, notes: Sequence[ProgressNote]) -> None:
        """Keep the latest progress of attempts that hold their lease; gone with the lease."""
        ...

    async def get_progress(self, task_ids: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Latest `ProgressNote.data` by task id, of those that have any."""
        ...

    # Rebuild, sweep and doctor

    async def check(self) -> None:
        """Look whether the store can be used. Raises `StoreUnsuitable` when it may throw keys away, or is too old."""
        ...

    async def store_state(self) -> StoreState:
        """Identity, marker and cursor, read together."""
        ...

    async def begin_rebuild(self) -> Rebuild | None:
        """Remove a marker that does not name this store. None when the marker is right: nothing to rebuild."""
        ...

    async def finish_rebuild(self, rebuild: Rebuild) -> bool:
        """Set the marker, loading to begin; False when the store changed or was emptied since the rebuild began."""
        ...

    async def save_cursor(self, identity: StoreIdentity, cursor: str, *, loaded: bool) -> bool:
        """Note how far loading is; False when the marker does not name `identity` any more."""
        ...

    async def compare(self, standings: Sequence[Standing]) -> Sequence[Drift]:
        """Where the store lags behind these standings; a newer version in the store is no drift."""
        ...

    async def scan(self, cursor: int, limit: int) -> KeptPage:
        """Page through every task that the store keeps a standing of; start with 0."""
        ...

    async def audit_leases(self, *, fix: bool) -> LeaseAudit:
        """Compare the sets that limits are counted from with the leases."""
        ...

    async def close(self) -> None:
        """Give every connection back."""
        ...
