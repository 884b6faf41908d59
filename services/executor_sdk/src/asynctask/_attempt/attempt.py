"""One attempt that this process holds, and the table of all."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, Protocol

from asynctask._attempt.clock import Clock, ClockReading, elapsed_ms
from asynctask._attempt.pending_warnings import (
    A_MARKED_ITEM,
    NO_WARNINGS,
    THE_STAGE,
    About,
    PendingWarnings,
)
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask_core.lease import STOP_AT
from asynctask_protos.task.v1 import state_pb2, task_pb2, work_pb2

if TYPE_CHECKING:
    from asynctask._attempt.lines import LogBuffer

PAUSE_REQUESTED: Final = state_pb2.REQUESTED_PAUSE
CANCEL_REQUESTED: Final = state_pb2.REQUESTED_CANCEL

ProgressFacts = tuple[float, float, str, str]
"""done, total, unit, message."""

_first_warning = threading.RLock()
"""Held while an attempt warns for the first time: two of its threads may do so at once."""


class SentChunks(Protocol):
    """An attempt's changes to manifests, as far as its events and its end depend on them."""

    added: int
    """Changes so far."""
    durable: int
    """Those of them that are stored."""
    last_chunk: int
    """Number of the last chunk that is stored."""

    async def flush(self) -> None:
        """Store everything that was added so far. Raises AsyncTaskError."""
        ...

    def close(self) -> None:
        """Store nothing more: the attempt has ended."""
        ...


class Pending:
    """One event that is not acknowledged yet, and its waiter."""

    __slots__ = ("event", "waiter")

    def __init__(self, event: work_pb2.Event, waiter: "asyncio.Future[None] | None") -> None:
        self.event = event
        self.waiter = waiter


class Attempt:
    """One lease of one task, from its assignment until its outcome is acknowledged or it is lost.

    Every attribute is used on the event loop only, unless its docstring says otherwise.
    """

    __slots__ = (
        "_clock",
        "alive",
        "asked",
        "assignment",
        "attempt_id",
        "began_s",
        "cancel_handler",
        "children",
        "chunks",
        "draining",
        "fenced_at",
        "halted",
        "kill_handler",
        "lease_from",
        "lease_ms",
        "logs",
        "notify",
        "on_renewed",
        "overran",
        "progress",
        "progress_carried",
        "progress_marked",
        "raised",
        "renewed",
        "requested",
        "requested_after",
        "sequence",
        "stage",
        "stop",
        "task_id",
        "unacked",
        "unwound",
        "warnings",
    )

    overran: str
    """Which timeout its stage exceeded, in words; set once the handler that was stopped for it has ended."""

    def __init__(
        self, assignment: work_pb2.Assignment, received: ClockReading, clock: Clock | None = None
    ) -> None:
        self.assignment = assignment
        self.task_id: bytes = assignment.task_id
        self.attempt_id: bytes = assignment.attempt_id
        self.requested: int = assignment.requested
        self.requested_after: int = 0
        """Number of the last event made before `requested` came: acknowledgements up to it may be older."""
        self.stage: str = assignment.stage
        self.sequence: int = 0
        self.unacked: deque[Pending] = deque()
        self.stop: Stop | None = None
        """Read from every thread."""
        self.draining: bool = False
        """Read from every thread."""
        self.raised: BaseException | None = None
        """The error of code that the handler left on the event loop: the task fails with it."""
        self.began_s: float = 0.0
        """When its handler was started, by `time.monotonic`."""
        self.alive: bool = False
        """True until its outcome is in the outbox."""
        self.unwound: bool = False
        """Its handler has ended; what is left is storing its last items. Read by the fence's thread."""
        self.cancel_handler: Callable[[], object] | None = None
        """Stops the running handler as its kind can be stopped."""
        self.kill_handler: Callable[[], object] | None = None
        """Ends a thread or process handler as its kind can be ended, from any thread: the loop may be blocked."""
        self.notify: Callable[[], object] | None = None
        """Called whenever a request for the attempt has changed."""
        self.asked: Callable[[Attempt], object] | None = None
        """Called when a pause or cancel is requested."""
        self.on_renewed: Callable[[], object] | None = None
        """Called, in the renewal thread, whenever the lease was renewed."""
        self.halted: asyncio.Future[None] | None = None
        """Child tasks of a handler that stops at a safe point wait on it until they are cancelled."""
        self.children: set[asyncio.Task[None]] = set()
        """Tasks that the handler started through the SDK; none outlives the handler."""
        self.progress: ProgressFacts | None = None
        """Latest progress of the stage; written from every thread, whole."""
        self.progress_carried: ProgressFacts | None = None
        """The progress in the last durable event: it need not be sent again."""
        self.progress_marked: bool = False
        self.warnings: PendingWarnings = NO_WARNINGS
        """Warnings that `warn` counted and that no event or chunk has taken yet."""
        self.chunks: SentChunks | None = None
        self.logs: LogBuffer | None = None
        # When the lease was last confirmed, and for how long: the renewal thread and the fence's thread use them.
        self._clock = clock
        self.lease_from: ClockReading = received
        self.lease_ms: float = float(assignment.expires_in_ms)
        self.renewed: bool = False
        """A renewal that named it was acknowledged."""
        self.fenced_at: ClockReading | None = None

    @property
    def soft_stop(self) -> Stop | None:
        """Why the handler should stop at its next safe point, if it should."""
        if self.stop is not None:
            return self.stop
        if self.fenced:
            return Stop.FENCED
        if self.requested == PAUSE_REQUESTED:
            return Stop.PAUSE
        return Stop.DRAIN if self.draining else None

    @property
    def fenced(self) -> bool:
        """Whether the lease is so old that nothing may begin under it any more, by the present clocks.

        Checked before every new step: a host that was frozen for longer than its lease runs on from where it was,
        before any thread that watches leases has run. Never true without a clock (`asynctask.testing`). From any
        thread.
        """
        clock = self._clock
        return clock is not None and elapsed_ms(self.lease_from, clock.read()) >= self.lease_ms * STOP_AT

    @property
    def lease(self) -> tuple[ClockReading, float] | None:
        """When the lease was last confirmed and for how many milliseconds; None without a clock. From any thread."""
        return None if self._clock is None else (self.lease_from, self.lease_ms)

    def check_lease(self) -> None:
        """Raise if the lease is too old. From any thread.

        Raises:
            AttemptStopped: it is too old; the fence's thread stops everything else of the attempt.
        """
        if self.fenced:
            raise AttemptStopped(Stop.FENCED)

    def interrupt(self, stop: Stop) -> None:
        """Stop the handler now, as far as its kind can be; a weaker reason does not replace a stronger one."""
        if self.stop is not None and self.stop >= stop:
            return
        self.stop = stop
        if self.alive and self.cancel_handler is not None:
            self.cancel_handler()

    def blame(self, error: BaseException) -> bool:
        """Stop the handler and fail its task with this error, raised by code that it left on the event loop.

        False when the handler has ended already.
        """
        if not self.alive or self.unwound:
            return False
        if self.raised is None:
            self.raised = error
        if self.cancel_handler is not None:
            self.cancel_handler()
        return True

    def request(self, requested: int) -> None:
        """Take a person's new request: a pause waits for a safe point, a cancel does not."""
        if requested == self.requested:
            return
        self.requested = requested
        self.requested_after = self.sequence
        if requested and self.asked is not None:
            self.asked(self)
        if self.notify is not None:
            self.notify()
        if requested == CANCEL_REQUESTED:
            self.interrupt(Stop.CANCEL)

    def drain(self) -> None:
        """The executor ends: stop at the next safe point."""
        self.draining = True
        if self.notify is not None:
            self.notify()

    def new_event(
        self,
        *,
        checkpoint: work_pb2.CheckpointEvent | None = None,
        stage_finished: work_pb2.StageFinishedEvent | None = None,
        outcome: work_pb2.OutcomeEvent | None = None,
        about: About = THE_STAGE,
    ) -> work_pb2.Event:
        """The next numbered event, with the latest progress and the chunks before it.

        A checkpoint takes the general warnings and those about the item that it was made for (`about`): the other items
        are still to do. The ends of stages and attempts take all warnings.

        The number is counted last, after everything that can fail: the registry takes only the next number, so a number
        without an event would block the attempt for ever.
        """
        facts = self.progress
        event = work_pb2.Event(
            task_id=self.task_id,
            attempt_id=self.attempt_id,
            sequence=self.sequence + 1,
        )
        # `CopyFrom` is faster: protobuf writes an argument of a constructor as bytes and reads them again.
        if outcome is not None:
            event.outcome.CopyFrom(outcome)
        elif checkpoint is not None:
            event.checkpoint.CopyFrom(checkpoint)
        elif stage_finished is not None:
            event.stage_finished.CopyFrom(stage_finished)
        if facts is not None:
            fill_progress(event.progress, facts)
        if self.chunks is not None:
            event.after_chunk = self.chunks.last_chunk
        if self.warnings is not NO_WARNINGS and self.warnings:
            taken = self._taken_by_checkpoint(about) if checkpoint is not None else ()
            event.warnings.extend(self.warnings.take(taken) if taken else self.warnings.take_all())
        self.progress_carried = facts
        self.sequence += 1
        return event

    def _taken_by_checkpoint(self, about: About) -> tuple[About, ...]:
        """The subjects whose warnings go with a checkpoint for `about`.

        While marks of items are not stored yet, warnings about marked items wait for the next chunk or event: an item
        whose mark is not stored is worked on again, and its warnings are given again.
        """
        chunks = self.chunks
        if chunks is None or chunks.durable == chunks.added:
            return (THE_STAGE, A_MARKED_ITEM, about)
        return (THE_STAGE,) if about == A_MARKED_ITEM else (THE_STAGE, about)

    def warn(self, stage: str, code: str, text: str, count: int, about: About = THE_STAGE) -> None:
        """Count a warning; it is sent with the event or chunk that makes its work durable. From any thread."""
        if self.warnings is NO_WARNINGS:
            first = PendingWarnings()
            with _first_warning:
                if self.warnings is NO_WARNINGS:
                    self.warnings = first
        self.warnings.add(about, stage, code, text, count)

    def give_back(self, warnings: Iterable[task_pb2.TaskWarning]) -> None:
        """Count the warnings of a refused event or chunk again: the next one takes them."""
        for one in warnings:
            self.warn(one.stage, one.code, one.text, one.count)

    def drop_events(self, error: BaseException) -> None:
        """Drop unacknowledged events; their waiters get `error`."""
        while self.unacked:
            waiter = self.unacked.popleft().waiter
            if waiter is not None and not waiter.done():
                waiter.set_exception(error)
                waiter.exception()  # marks it as seen: the waiting task may have been cancelled


class Holdings:
    """Every attempt held, by id: what renewals and Hello name."""

    __slots__ = ("_attempts",)

    def __init__(self) -> None:
        self._attempts: dict[bytes, Attempt] = {}

    def __len__(self) -> int:
        return len(self._attempts)

    def __iter__(self) -> Iterator[Attempt]:
        """A snapshot, safe from any thread."""
        return iter(list(self._attempts.values()))

    def get(self, attempt_id: bytes) -> Attempt | None:
        """The attempt of this id, if it is held."""
        return self._attempts.get(attempt_id)

    def add(self, attempt: Attempt) -> None:
        """Hold an attempt."""
        self._attempts[attempt.attempt_id] = attempt

    def remove(self, attempt: Attempt) -> None:
        """Remove an attempt, if it is held."""
        self._attempts.pop(attempt.attempt_id, None)


def fill_progress(message: task_pb2.Progress, facts: ProgressFacts) -> None:
    """Write progress into its message."""
    message.done, message.total, message.unit, message.message = facts
