"""What replicas of the model share: all data of one store, its clock, its identity."""

from __future__ import annotations

from dataclasses import dataclass, field

from asynctask_protos.registry.v1.standing_pb2 import Place, Standing
from asynctask_scheduler.queue.answers import Applied, CellOptions, Lane, SessionInfo, StoreIdentity

READY, TIMED, LEASED, NOWHERE = Place.PLACE_READY, Place.PLACE_TIMED, Place.PLACE_LEASED, Place.PLACE_NOWHERE
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
    lane: Lane
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
    stopped: bool = False


@dataclass
class Shared:
    """All data of one store: what replicas share, and what a loss takes."""

    kept: dict[bytes, Kept] = field(default_factory=dict)
    gone: dict[bytes, tuple[int, float]] = field(default_factory=dict)
    leases: dict[bytes, HeldBy] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    intents: dict[bytes, tuple[float, float]] = field(default_factory=dict)
    progress: dict[bytes, bytes] = field(default_factory=dict)
    duties: dict[str, tuple[float, str]] = field(default_factory=dict)
    replicas: dict[str, tuple[float, CellOptions]] = field(default_factory=dict)
    notes: dict[str, tuple[float, bytes]] = field(default_factory=dict)
    former: dict[str, tuple[float, bool]] = field(default_factory=dict)
    """Schedulers that those of the layout before see: when last seen, and whether they are of this layout."""
    former_tick_ms: float | None = None
    rebuilds: set[str] = field(default_factory=set)
    marker: StoreIdentity | None = None
    marker_token: str = ""
    loaded: bool = False
    cursor: str = ""
    tick: tuple[float, StoreIdentity] | None = None
    grace_ms: float = 0
    lag_ms: float = 0


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


def kind_of(standing: Standing) -> Lane:
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
