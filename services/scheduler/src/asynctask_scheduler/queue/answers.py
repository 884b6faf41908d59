"""What the queue is told and answers: plain values, of which `port` says what they mean to each call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from asynctask_protos.registry.v1.standing_pb2 import Place
from asynctask_protos.task.v1.task_type_pb2 import TaskType

Lane = tuple[str, str]
"""A queue and a task type: tasks of one lane stand in one line."""

Lease = tuple[bytes, bytes]
"""A task id and an attempt id, 16 bytes each."""


ANY_QUEUE: Final = ""
"""In a hint the queue of a kind that stands for every queue of its type; no queue has this name."""


class StoreUnsuitable(Exception):
    """The store answers but cannot be used as it is configured; the message says what to change. Only at start."""


@dataclass(frozen=True, slots=True)
class CellOptions:
    """What must be the same on every replica of a cell."""

    lease_ms: int
    ageing_step_us: int


class SessionVerdict(StrEnum):
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
    ready: frozenset[Lane] = frozenset()
    """Kinds that have something to hand out now. Room under a limit of a type is `(ANY_QUEUE, type)`."""
    freed: frozenset[str] = frozenset()
    """Executors that hold fewer leases now."""


@dataclass(frozen=True, slots=True)
class Leased:
    """What a pop handed out, in dispatch order."""

    verdict: SessionVerdict
    leases: Sequence[Lease] = ()
    blocked: bool = False
    """Ready tasks stayed behind because their type is at its limit; `Applied.ready` and `wake` tell of room."""
    filled: bool = False
    """Every free slot, or every attempt id, got a task: more may be ready for other executors."""
    rebuild_token: str = ""
    """Which rebuild had filled the store that they were popped from; "" when no type asked for has a limit."""


@dataclass(frozen=True, slots=True)
class RequestedStop:
    """What a person asked of a running attempt; `requested` is the number of the proto enum, never 0."""

    task_id: bytes
    attempt_id: bytes
    requested: int


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of the leases named in a renewal. What is in none of the lists was renewed."""

    verdict: SessionVerdict
    lost: Sequence[bytes] = ()
    """Attempts whose lease ran out: stop them."""
    unknown: Sequence[Lease] = ()
    """Ask the registry (`ConfirmLeases`), apply its standings, and answer from them: LEASED under this attempt is
    alive (renew again to extend it, once the verdict allows it), anything else is lost. With NO_MARKER it is all."""
    requested: Sequence[RequestedStop] = ()


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease of an executor. `started` is False while the answer of its StartAttempts is not known here."""

    task_id: bytes
    attempt_id: bytes
    started: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was opened."""

    number: int
    held: Sequence[HeldLease] = ()
    """Leases of the executor's earlier sessions."""
    draining: bool = False
    """An operator asked the executor to end, perhaps while it had no stream: tell it."""


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
class ExpiredLeases:
    """What a look for silent executors found."""

    leases: Sequence[ExpiredLease] = ()
    guarded: bool = False
    """The clock guard tripped: every lease got a whole new length, nothing expired."""
    more: bool = False


@dataclass(frozen=True, slots=True)
class Promoted:
    """What became due."""

    count: int = 0
    ready: frozenset[Lane] = frozenset()
    next_in_ms: int | None = None
    """Until the next timer is due, 0 when more are due now; None when there is none."""


@dataclass(frozen=True, slots=True)
class LaneStats:
    """One line of tasks."""

    queue: str
    task_type: str
    ready: int
    running: int
    """Live leases, `expiring` ones included."""
    head_ready_ms: int | None
    """Milliseconds since the first in line could have been started; None when nobody waits."""


@dataclass(frozen=True, slots=True)
class QueueLanes:
    """Lines of some queues, by queue and type."""

    queues: frozenset[str] = frozenset()
    """Names of the queues that were looked at. One whose lines have just become empty has none here."""
    lines: Sequence[LaneStats] = ()
    timed: int = 0
    """Timers of all queues."""


@dataclass(frozen=True, slots=True)
class QueueStats:
    """The queues at one moment."""

    lanes: Sequence[LaneStats] = ()
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
    token: str = ""
    """Which rebuild the marker came from; "" without one. The identity stays when a store is emptied, this does not."""
    loaded: bool = False
    """Every queued task has been loaded since the marker was set."""
    cursor: str = ""
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


class TypeLimit(NamedTuple):
    """How many tasks of a type may run, as one version of its definition says."""

    task_type: str
    max_running: int
    """0: as many as there is room for."""
    version: int

    @classmethod
    def of(cls, definition: TaskType) -> TypeLimit:
        """What `definition` says."""
        return cls(definition.name, definition.max_running, definition.version)


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
