"""Values that calls of the queue take and return. `port` describes what they mean for each call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from asynctask_protos.registry.v1.standing_pb2 import Place
from asynctask_protos.task.v1.task_type_pb2 import TaskType

Lane = tuple[str, str]
"""A queue and a task type: ready tasks of one lane are in one order."""

Lease = tuple[bytes, bytes]
"""A task id and an attempt id, 16 bytes each."""


ANY_QUEUE: Final = ""
"""The queue name in a hint that means every queue of the task type; no queue has this name."""

REPLICA_LIVE_MS: Final = 10_000
"""A replica that did not announce itself for so long is taken to be gone."""

REPLICA_NAMED_MS: Final = 600_000
"""How long the note of a replica is kept that has fallen silent without leaving, so that reports of health name it."""


class StoreUnsuitable(Exception):
    """The store answers but cannot be used as it is configured; the message says what to change. Only at start."""


@dataclass(frozen=True, slots=True)
class CellOptions:
    """Options that must be the same on every replica of a cell."""

    lease_ms: int
    ageing_step_us: int


@dataclass(frozen=True, slots=True)
class ReplicaNote:
    """What a replica noted of itself that is live, or fell silent within the last minutes without leaving."""

    replica: str
    age_ms: int
    """Since it was noted; for an empty note, since the replica announced itself."""
    note: bytes
    """Opaque to the queue; empty if the replica notes nothing: it is of an older release, or is just starting."""


class SessionVerdict(StrEnum):
    """Whether an executor's call was made under its current session."""

    OK = "ok"
    SUPERSEDED = "superseded"
    """A newer session of this executor is known: end the stream."""
    NO_SESSION = "no_session"
    """The store knows no session of this executor (it was lost): `restore_session`, then repeat. Only of `lease`."""
    NO_MARKER = "no_marker"
    """The store is not rebuilt yet, and hands out no tasks. The rebuild loop notices that by itself."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The effect of a change of queues."""

    changed: int = 0
    """How many standings were newer than the kept ones."""
    leases_created: int = 0
    ready: frozenset[Lane] = frozenset()
    """Lanes that have tasks to hand out now. `(ANY_QUEUE, type)` if leases of a limited type ended."""
    freed: frozenset[str] = frozenset()
    """Executors that hold fewer leases now."""


@dataclass(frozen=True, slots=True)
class Leased:
    """The leases that a pop handed out, in dispatch order."""

    verdict: SessionVerdict
    leases: Sequence[Lease] = ()
    blocked: bool = False
    """Ready tasks were held back because their type is at its limit; `Applied.ready` and `wake` report room again."""
    filled: bool = False
    """Every free slot, or every attempt id, got a task: more may be ready for other executors."""
    rebuild_token: str = ""
    """Token of the rebuild that filled the store they were popped from; "" when none of the types has a limit."""


@dataclass(frozen=True, slots=True)
class RequestedStop:
    """A request of a person to a running attempt; `requested` is the number of the proto enum, never 0."""

    task_id: bytes
    attempt_id: bytes
    requested: int


@dataclass(frozen=True, slots=True)
class LeaseState:
    """The lease of a task."""

    executor_id: str
    started: bool
    """Whether the store knows that the registry has started the attempt."""
    expiring: bool
    """It ran out, and its attempt is being ended."""
    silent_ms: int
    """Milliseconds since the executor last extended it; since it was written, if the executor never did."""


@dataclass(frozen=True, slots=True)
class TaskPosition:
    """Where a task is, and what stands in its way."""

    is_rebuilt: bool
    """The store has the marker: without it no task is handed out."""
    place: Place.ValueType
    """Place of the kept standing; PLACE_UNSPECIFIED if the store keeps none."""
    ahead: int | None
    """Tasks of its lane that go before it; None if it is not ready, or has a lease."""
    first_priority: int
    """Priority of the first of these; 0 without any."""
    ahead_elsewhere: int
    """Tasks of other lanes of the executor that go before it, without those that a limit holds back."""
    limit: int
    """Most tasks of its type that may run; 0: no limit."""
    running: int
    """Leases of its type."""
    is_next: bool
    """The next pop of the executor takes it."""
    lease: LeaseState | None = None


@dataclass(frozen=True, slots=True)
class Renewed:
    """The result of a renewal. Leases that are in none of the lists were renewed."""

    verdict: SessionVerdict
    lost: Sequence[bytes] = ()
    """Attempts whose lease ran out: stop them."""
    unknown: Sequence[Lease] = ()
    """Leases that the store does not know. Ask the registry (`ConfirmLeases`), apply its standings, and answer from
    them: LEASED under this attempt is alive (renew it again once the verdict allows it), anything else is lost. With
    NO_MARKER every lease that is not lost is here."""
    requested: Sequence[RequestedStop] = ()
    least_left_ms: int | None = None
    """What was left of the lease that would have run out first, before the renewal; None if none was held."""


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease of an executor. `started` is False until the store has the standing of its start."""

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
    """An operator asked the executor to end, perhaps while it had no stream: send it the request."""


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """How an executor describes itself in its Hello."""

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
    """A note that some call may be changing tasks; returned by `note_intents`, passed to `clear_intents`."""

    members: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class OldIntent:
    """An intent that was not cleared for a while: its call may never have completed."""

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
    """It is due to an outage of the cluster: it counts against no budget."""
    started: bool
    """False when the store never got the standing of the attempt's start."""


@dataclass(frozen=True, slots=True)
class ExpiredLeases:
    """Leases that ran out, or whose end is not reported yet."""

    leases: Sequence[ExpiredLease] = ()
    guarded: bool = False
    """The clock guard tripped: every lease was extended by a whole lease, and none expired."""
    more: bool = False


@dataclass(frozen=True, slots=True)
class Promoted:
    """Tasks that became due."""

    count: int = 0
    ready: frozenset[Lane] = frozenset()
    next_in_ms: int | None = None
    """Milliseconds until the next timer is due, 0 when more are due now; None when there is no timer."""


@dataclass(frozen=True, slots=True)
class LaneStats:
    """Counts of one lane."""

    queue: str
    task_type: str
    ready: int
    running: int
    """Live leases, `expiring` ones included."""
    head_ready_ms: int | None
    """Milliseconds since the first ready task could have been started; None when no task is ready."""


@dataclass(frozen=True, slots=True)
class QueueLanes:
    """Lanes of some queues, sorted by queue and type."""

    queues: frozenset[str] = frozenset()
    """Names of the queues that were read. A queue whose lanes have just become empty has none in `lines`."""
    lanes: Sequence[LaneStats] = ()
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
    """Identifies a server and the history of its data: one of them changes when data may have been lost."""

    run_id: str
    replid: str


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A rebuild in progress, with the identity that the store had when it began."""

    identity: StoreIdentity
    token: str


@dataclass(frozen=True, slots=True)
class StoreState:
    """How far the store is rebuilt."""

    identity: StoreIdentity
    marked: bool
    """The marker exists and names this identity: tasks may be leased."""
    token: str = ""
    """Token of the rebuild that set the marker; "" without a marker. It also changes when a store is emptied, unlike
    the identity."""
    loaded: bool = False
    """Every queued task has been loaded since the marker was set."""
    cursor: str = ""
    """Where loading continues."""


class DriftKind(StrEnum):
    """How the store differs from the registry about one task."""

    MISSING = "missing"
    """The store does not have the task, and should."""
    OUTDATED = "outdated"
    """The store has an older version."""
    MISPLACED = "misplaced"
    """The version is right, but the task is not in the place that this version names."""
    ORPHANED = "orphaned"
    """The registry does not know this task."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference."""

    task_id: bytes
    kind: DriftKind


@dataclass(frozen=True, slots=True)
class KeptStanding:
    """A task's standing as the store has it."""

    task_id: bytes
    version: int
    place: Place.ValueType


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page of kept standings; a task may be in two pages."""

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
    """How many tasks of a type may run at once, from one version of its definition."""

    task_type: str
    max_running: int
    """0: no limit."""
    version: int

    @classmethod
    def of(cls, definition: TaskType) -> TypeLimit:
        """The limit in `definition`."""
        return cls(definition.name, definition.max_running, definition.version)


@dataclass(frozen=True, slots=True)
class LeaseAudit:
    """Whether the sets that limits are counted from agree with the leases."""

    leases: int = 0
    stray_members: int = 0
    """Members that are counted without a lease; removed if `fix` was set."""
    uncounted_leases: int = 0
    """Leases that are not counted; added to the counts if `fix` was set."""
    held_by: Mapping[str, int] = field(default_factory=dict[str, int])
    """Leases by executor."""
