"""The queue as the rest of the scheduler sees it: what is ready, what is leased to whom until when.

Everything here can be lost and is rebuilt from the registry; nothing here is believed against it. `apply` is the only
call that changes queues, and it only carries over what the registry decided; `lease` is the only one that hands tasks
out, and the registry decides whether they start.

Every call is one atomic step in the store, bounded by its time-out. All of them raise `StoreUnavailable` when the store
did not answer; then the step may or may not have happened, and only `lease` and `lease_eagerly` may not simply be
repeated (their leases, if there are any, run out by themselves). Times are Redis' own clock; callers only see
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
    SessionInfo,
    StoreState,
    TypeLimit,
)


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
        lanes: Sequence[Lane],
        attempt_ids: Sequence[bytes],
    ) -> Leased:
        """Take the best ready tasks of these lanes for one executor, one under each attempt id, best score first.

        Never more than `slots` less its live leases, nor more of a type than its limit leaves, over all replicas;
        what a limit blocks delays nothing else. Only under the current session and while the marker stands. Where
        a type is limited deliver nothing under another `rebuild_token` than that of the pop: it may be counted for no
        limit any more. After `StoreUnavailable` the attempt ids may be in use: mint new ones.
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
        """Take tasks of one lane that are being created: all of them, or none.

        Only if nothing of `lanes` waits in line, so that nobody is overtaken, under the rules of `lease`, and if the
        tasks were never heard of. Start or abandon them as any other; `apply` goes on from there.
        """
        ...

    async def renew(self, executor_id: str, session: int, leases: Sequence[Lease]) -> Renewed:
        """Extend these leases to now + lease, and note that the executor lives, with every verdict."""
        ...

    # Executors

    async def open_session(self, info: SessionInfo) -> Opened:
        """Open a session above every earlier one of this executor, which it may have been asked to drain in.

        Raises:
            Overloaded: nothing is known of this executor, and `limits.EXECUTORS` others are remembered. Those that were
                not seen for a minute and hold nothing are forgotten first.
        """
        ...

    async def restore_session(self, info: SessionInfo, session: int, *, draining: bool = False) -> bool:
        """Write a session back after a loss; the highest number wins. False when a newer one is known.

        An executor that was asked to drain drains, whether this call or the store says so.
        """
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

    async def close_session(self, executor_id: str, session: int, *, stopped: bool = False) -> None:
        """Note that the stream ended, unless a newer session is open. Leases stay until they run out.

        `stopped` says that the executor has ended in order: it is forgotten if it holds nothing, and else not listed
        any more once it holds nothing.
        """
        ...

    async def draining(self, executor_ids: Sequence[str]) -> Mapping[str, int]:
        """Which of these executors were asked to drain, each with its current session."""
        ...

    async def seen_executors(self) -> Mapping[str, int]:
        """Milliseconds since the last sign of life of each executor with an open stream or seen in the last minute.

        Some of them may have stopped since.
        """
        ...

    async def executors(self, executor_ids: Sequence[str]) -> Sequence[ExecutorState]:
        """Those of these executors with an open stream or seen in the last minute, by id; none that has stopped.

        Each may name thousands of queues: ask for few at a time.
        """
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

    async def expire_due(self, limit: int) -> ExpiredLeases:
        """Move leases past their deadline to `expiring`; with them those that have been there for 5 s unanswered.

        Needs the marker. A lease ends once its length has passed on Redis' clock and on this process' own, see
        `lease_clock`. The clock guard comes first: when the two disagree by more than `lease.STEP` within a lease, when
        nobody looked for `lease.GAP`, or when the store changed, all leases get a new length.
        """
        ...

    async def promote(self, limit: int) -> Promoted:
        """Put tasks that are due in line. Needs the marker. Also drops what is remembered of tasks long gone."""
        ...

    async def claim_duty(self, name: str, owner: str, hold_ms: int) -> bool:
        """Take or keep a duty that one replica does at a time. A courtesy: the work must stand being done twice."""
        ...

    # Replicas

    async def announce(self, replica: str, *, joining: bool) -> CellOptions | None:
        """Note that this replica lives; what another live one was told, should that differ.

        One that is `joining` is not noted then. Live is who announced itself in the last 10 seconds.
        """
        ...

    async def shut_out_former(self, replica: str) -> str:
        """Keep schedulers of the layout before out of the cell; the name of one that lives, else an empty text.

        While one lives, nothing is changed. Else the store is no longer marked if they worked here after schedulers of
        this layout: what it holds is old.
        """
        ...

    async def leave(self, replica: str) -> None:
        """Note that this replica has ended."""
        ...

    # What people and limits want

    async def set_type_limits(self, limits: Sequence[TypeLimit]) -> None:
        """Learn how many tasks of some types may run; what is older than what is known changes nothing."""
        ...

    async def forget_types(self, deleted: Mapping[str, int]) -> None:
        """Forget the limits of types by the versions of their deletions; one that was declared anew keeps its own."""
        ...

    async def type_limits(self) -> Mapping[str, int]:
        """The limits that hold now."""
        ...

    async def type_versions(self) -> Mapping[str, int]:
        """The versions of the definitions that limits are from, also of types without a limit."""
        ...

    async def stats(self, *, with_lines: bool = True) -> QueueStats:
        """Counts, and the depths of all lines that have something, each at one moment.

        Lines are read in pages: many of them delay no other call.
        """
        ...

    async def lines(self, *, after: str = "", most: int = 1) -> QueueLanes:
        """Depths of the lines of the first `most` queues by name whose name is above `after`.

        Where there are many, the names of all lines are read for the first page of a list. Later pages, for which
        `after` is not empty, may come from what was read then, at most a minute ago. Depths are always those of now.
        """
        ...

    async def depths(self, lanes: Sequence[Lane]) -> Sequence[LaneStats]:
        """Depths of these lines, without those that have nothing."""
        ...

    async def put_progress(self, notes: Sequence[ProgressNote]) -> set[bytes]:
        """Keep the latest progress of attempts that hold their lease; gone with the lease.

        Answers the ids of their tasks.
        """
        ...

    async def get_progress(self, task_ids: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Latest `ProgressNote.data` by task id, of those that have any."""
        ...

    # Rebuild, sweep and doctor

    async def check(self) -> None:
        """Look whether the store can be used. Raises `StoreUnsuitable` when it may throw keys away, or is too old."""
        ...

    async def try_write(self) -> str:
        """Why the store refuses writes, as a clause for people; empty when it takes them. It changes nothing."""
        ...

    async def store_state(self) -> StoreState:
        """Identity, marker, its token and cursor, read together."""
        ...

    async def rebuild_token(self) -> str:
        """Which rebuild the marker came from: another one, or "" without a marker, as soon as anything may be lost."""
        ...

    async def begin_rebuild(self) -> Rebuild | None:
        """Remove a marker that does not name this store. None when the marker is right: nothing to rebuild."""
        ...

    async def finish_rebuild(self, rebuild: Rebuild) -> bool:
        """Set the marker, loading to begin; False when the store changed or was emptied since the rebuild began."""
        ...

    async def save_cursor(self, token: str, cursor: str, *, loaded: bool) -> bool:
        """Note how far loading after the rebuild of this token is; False when the marker is not that rebuild's."""
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
