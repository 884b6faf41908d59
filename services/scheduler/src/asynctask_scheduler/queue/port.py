"""The queue's interface for the rest of the scheduler: ready tasks, timers, and leases.

All data in the store can be lost and is rebuilt from the registry; where both differ, the registry is right. `apply` is
the only call that changes queues, and it only copies what the registry decided. `lease` and `lease_eagerly` are the
only calls that hand out tasks, and the registry decides whether these start.

Every call is one atomic step in the store, bounded by its time-out. Every call raises `StoreUnavailable` when the store
did not answer; then the step may or may not have happened. The call may be repeated then, except `lease` and
`lease_eagerly` (their leases, if there are any, run out by themselves). Times are of Redis' own clock; callers only see
durations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.queue.answers import (
    Applied,
    CellOptions,
    Drift,
    ExecutorState,
    ExpiredLeases,
    Intent,
    KeptPage,
    Lane,
    LaneStats,
    Lease,
    LeaseAudit,
    Leased,
    OldIntent,
    Opened,
    ProgressNote,
    Promoted,
    QueueLanes,
    QueueStats,
    Rebuild,
    Renewed,
    ReplicaNote,
    SessionInfo,
    StoreState,
    TaskPosition,
    TypeLimit,
)


class TaskLeases(Protocol):
    """Standings go in, leases come out: the part of `Queue` that every task goes through."""

    async def apply(self, standings: Sequence[Standing]) -> Applied:
        """Bring the queues to these standings. Idempotent, and independent of their order.

        An older version than the kept one is ignored, an equal one is applied again (repair). LEASED creates a missing
        lease (now + lease) and replaces that of another started attempt; it never lengthens a deadline, and never takes
        an attempt out of `expiring`. A lease whose start is not confirmed is dropped only by `abandon`, or after the
        proof of its start (LEASED, even an outdated one) arrives. Until then other standings of its task are kept, and
        take effect when the lease is dropped. Publishes the hints `feed`, `wake` and `control`. More than 1,000
        standings take several steps.
        """
        ...

    async def abandon(self, leases: Sequence[Lease]) -> Applied:
        """Drop leases whose attempt has ended: its StartAttempts was refused, or its EndAttempts was answered.

        Apply the standings of that answer first. A lease of another attempt stays. The kept standing of the task takes
        effect, so the task is at once ready, timed or leased to another executor.
        """
        ...

    async def lease(
        self,
        executor_id: str,
        session: int,
        slots: int,
        lanes: Sequence[Lane],
        attempt_ids: Sequence[bytes],
    ) -> Leased:
        """Lease the ready tasks of these lanes with the best scores to one executor, one per attempt id, best first.

        Never more than `slots` less the executor's live leases, nor more of a type than its limit leaves, over all
        replicas; tasks that a limit blocks do not delay others. Only under the current session, and only if the store
        is marked as rebuilt. If a type is limited, deliver the tasks only while `rebuild_token` is still that of the
        pop: otherwise the store may not count them for the limit. After `StoreUnavailable` the attempt ids may be in
        use: generate new ones.
        """
        ...

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
        """Lease tasks of one lane that are being created: all of them, or none.

        Only if no ready task of `lanes` waits, so that none is overtaken, if the store does not know the tasks yet, and
        under the rules of `lease`. Start or abandon the leases like any other.
        """
        ...

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
        """Where a task of this lane is, and whether the next pop of an executor takes it. Changes nothing.

        The arguments about the executor are those that it would give to `lease`, and its pop is one of enough attempt
        ids for its free slots. Without them no pop takes the task.
        """
        ...

    async def renew(self, executor_id: str, session: int, leases: Sequence[Lease]) -> Renewed:
        """Extend these leases to now + lease. With every verdict, note that the executor is alive."""
        ...


class ExecutorSessions(Protocol):
    """Sessions of executors, and what their tasks report."""

    async def open_session(self, info: SessionInfo) -> Opened:
        """Open a session with a higher number than every earlier one of this executor. A request to drain stays.

        Raises:
            Overloaded: this executor is not known, and `limits.EXECUTORS` others are. Those that were not seen for a
                minute and hold no lease are forgotten first.
        """
        ...

    async def restore_session(self, info: SessionInfo, session: int, *, draining: bool = False) -> bool:
        """Write a session back after a loss; the highest number wins. False when a newer one is known.

        The executor drains if either `draining` or the store says so.
        """
        ...

    async def set_slots(self, executor_id: str, session: int, slots: int) -> None:
        """Note the slots, only for lists of executors: `lease` takes them as an argument. Ignores an older session."""
        ...

    async def set_draining(self, executor_id: str) -> bool:
        """Note that the executor was asked to end, and publish it (`drain`). False when it is not known."""
        ...

    async def touch(self, executor_ids: Sequence[str]) -> None:
        """Note that these executors' streams are open; every 10 seconds is often enough."""
        ...

    async def close_session(self, executor_id: str, session: int, *, stopped: bool = False) -> None:
        """Note that the stream ended, unless a newer session is open. Leases stay until they run out.

        `stopped` says that the executor has stopped normally: it is forgotten at once if it holds no lease, and is
        otherwise not listed any more once it holds none.
        """
        ...

    async def draining(self, executor_ids: Sequence[str]) -> Mapping[str, int]:
        """The current session of those of these executors that were asked to drain."""
        ...

    async def seen_executors(self) -> Mapping[str, int]:
        """Milliseconds since the last sign of life of each executor with an open stream or seen in the last minute.

        Some of them may have stopped since.
        """
        ...

    async def describe_executors(self, executor_ids: Sequence[str]) -> Sequence[ExecutorState]:
        """Those of these executors with an open stream or seen in the last minute, by id; none that has stopped.

        Each may name thousands of queues: ask for few at a time.
        """
        ...

    async def put_progress(self, notes: Sequence[ProgressNote]) -> set[bytes]:
        """Keep the latest progress of attempts that hold their lease; it is deleted with the lease.

        Returns the ids of their tasks.
        """
        ...

    async def get_progress(self, task_ids: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """The latest `ProgressNote.data` by task id, of tasks that have any."""
        ...


class QueueUpkeep(Protocol):
    """Intents, time, replicas, limits and counts."""

    async def note_intents(self, task_ids: Sequence[bytes]) -> Intent:
        """Note that a call is about to change these tasks, in case its process dies."""
        ...

    async def clear_intents(self, intent: Intent) -> None:
        """Delete an intent: its standings are applied, or the call certainly changed nothing."""
        ...

    async def old_intents(self, older_than_ms: int, limit: int) -> Sequence[OldIntent]:
        """At most `limit` intents that were noted or settled at least so long ago, oldest first."""
        ...

    async def settle_intents(self, left: Mapping[bytes, Sequence[bytes]]) -> None:
        """Reduce intents, by member, to the task ids that are left, for a later look. Their age does not change."""
        ...

    # Time

    async def expire_due(self, limit: int) -> ExpiredLeases:
        """Move leases past their deadline to `expiring`; return them, and those that were returned long ago and are
        still there.

        Needs the marker. A lease ends once its length has passed on Redis' clock and on this process' own, see
        `lease_clock`. The clock guard comes first. It extends every lease by a whole lease if the two clocks diverge by
        more than `lease.STEP` within a lease, if no replica looked for `lease.GAP`, or if the store changed.
        """
        ...

    async def promote(self, limit: int) -> Promoted:
        """Make tasks ready that are due. Needs the marker. Also drops old tombstones."""
        ...

    async def claim_duty(self, name: str, owner: str, hold_ms: int) -> bool:
        """Take or keep a duty that one replica does at a time. Not a lock: the work must tolerate being done twice."""
        ...

    # Replicas

    async def announce(self, replica: str, *, joining: bool) -> CellOptions | None:
        """Note that this replica is live; returns the options of another live replica if they differ.

        In that case a replica that is `joining` is not noted. A replica is live for 10 seconds after it announced
        itself.
        """
        ...

    async def shut_out_former(self, replica: str) -> str:
        """Keep schedulers of the previous layout out of the cell; returns the name of a live one, or an empty text.

        While one is live, nothing is changed. Otherwise the marker is removed if schedulers of the previous layout
        worked here after those of this layout: the data of this layout is outdated then.
        """
        ...

    async def leave(self, replica: str) -> None:
        """Note that this replica has stopped."""
        ...

    async def note_health(self, replica: str, note: bytes) -> Sequence[ReplicaNote]:
        """Note how this replica is; returns the notes of all replicas that are live, this one included, or that fell
        silent without leaving.
        """
        ...

    # Limits and counts

    async def set_type_limits(self, limits: Sequence[TypeLimit]) -> None:
        """Set how many tasks of some types may run at once. No effect if the store has a newer definition."""
        ...

    async def forget_types(self, deleted: Mapping[str, int]) -> None:
        """Delete the limits of deleted types, given the versions of the deletions; a type that was declared again since
        keeps its limit.
        """
        ...

    async def type_limits(self) -> Mapping[str, int]:
        """The current limits, by type."""
        ...

    async def type_versions(self) -> Mapping[str, int]:
        """The versions of the definitions that limits were taken from, also of types without a limit."""
        ...

    async def stats(self, *, with_lanes: bool = True) -> QueueStats:
        """Counts, and the depths of all lanes that are not empty, each at one moment.

        Lanes are read in pages, so that many of them do not delay other calls.
        """
        ...

    async def lanes(self, *, after: str = "", most: int = 1) -> QueueLanes:
        """Depths of the lanes of the first `most` queues by name whose name is above `after`.

        If there are many lanes, their names are read for the first page of a list. Later pages, for which `after` is
        not empty, may use these names for up to a minute. Depths are always current.
        """
        ...

    async def depths(self, lanes: Sequence[Lane]) -> Sequence[LaneStats]:
        """Depths of these lanes, without empty ones."""
        ...


class StoreRepair(Protocol):
    """Rebuild, sweep and doctor."""

    async def check(self) -> None:
        """Check the store's configuration. Raises `StoreUnsuitable` when it may evict keys, or is too old."""
        ...

    async def try_write(self) -> str:
        """Why the store refuses writes, as a clause for people; empty when it accepts them. Changes nothing."""
        ...

    async def store_state(self) -> StoreState:
        """Identity, marker, its token and cursor, read together."""
        ...

    async def rebuild_token(self) -> str:
        """Token of the rebuild that set the marker; "" without a marker. It changes when data may have been lost."""
        ...

    async def begin_rebuild(self) -> Rebuild | None:
        """Remove a marker that does not name this store. None when the marker is right: nothing to rebuild."""
        ...

    async def finish_rebuild(self, rebuild: Rebuild) -> bool:
        """Set the marker, so that loading begins; False if the store changed or was emptied since `begin_rebuild`."""
        ...

    async def save_cursor(self, token: str, cursor: str, *, loaded: bool) -> bool:
        """Note the progress of loading after the rebuild of this token; False if another rebuild set the marker."""
        ...

    async def compare(self, standings: Sequence[Standing]) -> Sequence[Drift]:
        """How the store differs from these standings; a newer version in the store is no drift."""
        ...

    async def scan(self, cursor: int, limit: int) -> KeptPage:
        """Page through every task that the store keeps a standing of; start with 0."""
        ...

    async def audit_leases(self, *, fix: bool) -> LeaseAudit:
        """Compare the sets that limits are counted from with the leases."""
        ...


class Queue(Protocol):
    """The queues of one cell, in parts: who needs one of them is given that alone."""

    @property
    def tasks(self) -> TaskLeases:
        """Standings and leases."""
        ...

    @property
    def executors(self) -> ExecutorSessions:
        """Sessions and progress."""
        ...

    @property
    def upkeep(self) -> QueueUpkeep:
        """Intents, time, replicas, limits and counts."""
        ...

    @property
    def repair(self) -> StoreRepair:
        """Rebuild, sweep and doctor."""
        ...
