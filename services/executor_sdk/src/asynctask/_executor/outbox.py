"""Sends the numbered events of attempts (`_attempt.attempt`) until acknowledged, again after a reconnect."""

import asyncio
from collections import deque
from collections.abc import Callable

from asynctask._attempt.attempt import Attempt, Holdings, Pending
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask_core import limits
from asynctask_core.status import from_status
from asynctask_protos.task.v1 import work_pb2

_EVENT_OVERHEAD_BYTES = 128

_SUPERSEDED = work_pb2.EVENT_VERDICT_SUPERSEDED
_GAP = work_pb2.EVENT_VERDICT_GAP
_REFUSED = work_pb2.EVENT_VERDICT_REFUSED


class EventOutbox:
    """The events of all attempts, in the order in which they were made.

    `wake` is called when there is something to take; `lose` when this executor has lost an attempt.
    """

    __slots__ = ("_holdings", "_lose", "_queue", "_wake")

    def __init__(
        self, holdings: Holdings, wake: Callable[[], object], lose: Callable[[Attempt], object]
    ) -> None:
        self._holdings = holdings
        self._wake = wake
        self._lose = lose
        self._queue: deque[tuple[Attempt, work_pb2.Event]] = deque()

    def __len__(self) -> int:
        return len(self._queue)

    def put(
        self, attempt: Attempt, event: work_pb2.Event, waiter: asyncio.Future[None] | None = None
    ) -> None:
        """Send an event; `waiter` is settled when it is durable.

        The waiter gets `AttemptStopped` when the attempt is lost, and the stores' error when they refuse the event.
        """
        attempt.unacked.append(Pending(event, waiter))
        self._queue.append((attempt, event))
        self._wake()

    def take(self) -> list[work_pb2.Event]:
        """The next events to send together: at most a thousand, about 1 MiB; empty when nothing waits."""
        found: list[work_pb2.Event] = []
        size = 0
        queue = self._queue
        while queue and len(found) < limits.BATCH_ITEMS:
            attempt, event = queue[0]
            if not attempt.unacked or event.sequence < attempt.unacked[0].event.sequence:
                queue.popleft()  # lost, or acknowledged after an earlier sending
                continue
            size += event.ByteSize() + _EVENT_OVERHEAD_BYTES
            if found and size > limits.BATCH_BYTES:
                break
            queue.popleft()
            found.append(event)
        return found

    def rewind(self) -> None:
        """Send everything unacknowledged again: the stream it was sent on is gone."""
        self._queue.clear()
        for attempt in self._holdings:
            self._queue.extend((attempt, pending.event) for pending in attempt.unacked)
        if self._queue:
            self._wake()

    def settle(self, ack: work_pb2.Ack) -> None:
        """Take an acknowledgement."""
        attempt = self._holdings.get(ack.attempt_id)
        if attempt is None:
            return
        verdict = ack.verdict
        if verdict == _SUPERSEDED:
            self._lose(attempt)
            return
        refused = from_status(ack.error) if verdict == _REFUSED else None
        unacked, last = attempt.unacked, ack.last_sequence
        ended = ack.ended
        while unacked and unacked[0].event.sequence <= last:
            pending = unacked.popleft()
            ended = ended or (pending.event.WhichOneof("event") == "outcome")
            waiter = pending.waiter
            is_refused = refused is not None and pending.event.sequence == last
            if is_refused:
                attempt.give_back(pending.event.warnings)  # also without a waiter
            if waiter is not None and not waiter.done():
                if is_refused and refused is not None:
                    waiter.set_exception(refused)
                    waiter.exception()
                else:
                    waiter.set_result(None)
        if ended:
            self._finish(attempt)
            return
        if ack.requested or last > attempt.requested_after:
            attempt.request(ack.requested)
        if verdict == _GAP:
            self._resend(attempt)

    def _finish(self, attempt: Attempt) -> None:
        """The attempt has ended. If its handler still runs, the end came from outside (a refused result, a command)."""
        self._holdings.remove(attempt)
        if attempt.alive:
            attempt.drop_events(AttemptStopped(Stop.LOST))
            attempt.interrupt(Stop.LOST)

    def _resend(self, attempt: Attempt) -> None:
        """Send an attempt's events again, unless they are queued: each event in flight is answered with a gap."""
        waiting = any(queued is attempt for queued, _ in self._queue)
        if not waiting and attempt.unacked:
            self._queue.extend((attempt, pending.event) for pending in attempt.unacked)
            self._wake()
