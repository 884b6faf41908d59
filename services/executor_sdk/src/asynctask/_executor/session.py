"""The executor's stream to the scheduler: opened, read, written, and opened again when it breaks."""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Protocol

import grpc
import grpc.aio

from asynctask._attempt.attempt import Attempt, Holdings
from asynctask._attempt.executor_tasks import executor_task
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._channel import call_error
from asynctask._executor.outbox import EventOutbox
from asynctask._executor.progress import ProgressGatherer
from asynctask._options import ADDRESS_HINT
from asynctask._supervision import supervised
from asynctask.errors import AsyncTaskError, InvalidInput, StoreUnavailable, Unreachable
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.scheduler.v1 import executor_service_pb2_grpc
from asynctask_protos.task.v1 import work_pb2

if TYPE_CHECKING:
    from asynctask_protos.scheduler.v1.executor_service_pb2_grpc import ExecutorServiceAsyncStub

    Stream = grpc.aio.StreamStreamCall[pb.WorkRequest, pb.WorkResponse]

_log = logging.getLogger("asynctask.executor")

GREETING_S: Final = 10.0
"""A scheduler that does not answer Hello within this time is given up."""
BACKOFF_S: Final = (0.1, 3.0)
"""First and longest pause before the stream is opened again; the actual pause is drawn below it."""
GATHER_S: Final = 0.002
"""Least time between two messages to the scheduler under load: a message costs as much as twenty of its events."""


class Receiver(Protocol):
    """Handles the scheduler's messages. Called on the loop."""

    def welcomed(self, welcome: pb.Welcome) -> None:
        """A session is open."""
        ...

    def assigned(self, assignments: Sequence[work_pb2.Assignment]) -> None:
        """Tasks to run."""
        ...

    def controlled(self, controls: Sequence[pb.Control]) -> None:
        """Requests about attempts."""
        ...

    def drain(self, reason: str) -> None:
        """The executor is asked to end."""
        ...


class SessionStream:
    """Keeps one stream open as long as it runs. `hello` makes the first message of each stream."""

    def __init__(
        self,
        addresses: Sequence[str],
        holdings: Holdings,
        hello: Callable[[], pb.Hello],
        receiver: Receiver,
        *,
        open_channel: Callable[[str], grpc.aio.Channel],
    ) -> None:
        loop = asyncio.get_running_loop()
        self._addresses = addresses
        self._open_channel = open_channel
        self._holdings = holdings
        self._hello = hello
        self._receiver = receiver
        self._ready = asyncio.Event()
        self._slots: int | None = None
        self._stream: Stream | None = None
        self._failures = 0
        self._closed = asyncio.Event()
        self.address: str = addresses[0]
        """Address of the stream, or of the try to open it."""
        self.outbox: EventOutbox = EventOutbox(holdings, self._ready.set, self.lose)
        self.progress: ProgressGatherer = ProgressGatherer(loop, self._ready.set)
        self.stub: ExecutorServiceAsyncStub | None = None
        """For unary calls to the scheduler of the stream; None while there is no stream."""

    async def run(self) -> None:
        """Keep a stream open until `close`.

        Raises:
            InvalidInput: the scheduler refuses the executor's Hello, such as a task type's definition.
        """
        while not self._closed.is_set():
            try:
                async with self._channel() as stub:
                    await self._serve(stub)
            except AsyncTaskError as error:
                if isinstance(error, InvalidInput) and "grpc_code" not in error.metadata:
                    raise  # the scheduler refuses the Hello; if gRPC refuses a message, go on
                is_away = isinstance(error, Unreachable)
                if not self._closed.is_set():
                    # Warn once when it breaks; later failures until it is open again are only for DEBUG.
                    _log.log(
                        logging.DEBUG if self._failures else logging.WARNING,
                        "session.ended: %s; trying again until a scheduler answers%s%s",
                        error,
                        # The error of an unreachable scheduler names its address.
                        f" at {', '.join(self._addresses)}"
                        if len(self._addresses) > 1 or not is_away
                        else "",
                        ADDRESS_HINT if is_away else "",
                    )
                self._failures += 1
                await self._pause(error.retry_after_ms)

    def finish(self) -> None:
        """Send what is ready, close the sending side, and let the scheduler end the stream.

        This shows the scheduler that the executor has stopped, and was not killed.
        """
        self._closed.set()
        self._ready.set()

    def close(self) -> None:
        """End the stream now; events that are unacknowledged now stay unacknowledged."""
        self._closed.set()
        if self._stream is not None:
            self._stream.cancel()

    def set_slots(self, slots: int) -> None:
        """Tell the scheduler how many tasks may run from now on."""
        self._slots = slots
        self._ready.set()

    def lose(self, attempt: Attempt) -> None:
        """Give up an attempt that this executor has lost: stop its handler, drop its events."""
        self._holdings.remove(attempt)
        attempt.interrupt(Stop.LOST)
        attempt.drop_events(AttemptStopped(Stop.LOST))

    @asynccontextmanager
    async def _channel(self) -> AsyncIterator["ExecutorServiceAsyncStub"]:
        self.address = self._addresses[self._failures % len(self._addresses)]
        channel = self._open_channel(self.address)
        try:
            yield executor_service_pb2_grpc.ExecutorServiceStub(channel)
        finally:
            self.stub = None
            await channel.close()

    async def _serve(self, stub: "ExecutorServiceAsyncStub") -> None:
        """One stream from Hello to its end."""
        stream = self._stream = stub.Work()
        try:
            async with asyncio.timeout(GREETING_S):
                await stream.write(pb.WorkRequest(hello=self._hello()))
                first = await stream.read()
            if first is grpc.aio.EOF or not isinstance(first, pb.WorkResponse):
                raise StoreUnavailable("the scheduler ended the stream before it answered")
            self.stub = stub
            self._failures = 0
            self._welcome(first.welcome)
            writer = supervised(executor_task(self._write(stream)), "the writer of the stream")
            try:
                await self._read(stream)
            finally:
                writer.cancel()
                await asyncio.wait([writer])
        except grpc.RpcError as error:
            raise call_error(error, self.address) from None
        except TimeoutError:
            raise StoreUnavailable(f"the scheduler did not answer within {GREETING_S:g} s") from None
        except asyncio.InvalidStateError:
            raise StoreUnavailable("the stream to the scheduler ended") from None
        except asyncio.CancelledError:
            # A stream that `close` cancels ends like this, too.
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise StoreUnavailable("the stream was closed") from None
        finally:
            # Nothing more is read from this stream, so its deliveries never mix with those of a newer one.
            self._stream = None
            stream.cancel()

    def _welcome(self, welcome: pb.Welcome) -> None:
        for attempt_id in welcome.lost_attempt_ids:
            attempt = self._holdings.get(attempt_id)
            if attempt is not None:
                self.lose(attempt)
        self.outbox.rewind()
        if self._slots is not None:
            self._ready.set()
        self._receiver.welcomed(welcome)

    async def _read(self, stream: "Stream") -> None:
        while True:
            message = await stream.read()
            if not isinstance(message, pb.WorkResponse):
                raise StoreUnavailable("the scheduler ended the stream")
            kind = message.WhichOneof("message")
            if kind == "assignments":
                self._receiver.assigned(message.assignments.assignments)
            elif kind == "acks":
                for ack in message.acks.acks:
                    self.outbox.settle(ack)
            elif kind == "controls":
                self._receiver.controlled(message.controls.controls)
            elif kind == "drain":
                self._receiver.drain(message.drain.reason)

    async def _write(self, stream: "Stream") -> None:
        """Send what is ready: at once when idle, in batches under load."""
        clock = asyncio.get_running_loop().time
        sent_at = 0.0
        is_finished = False
        try:
            while not is_finished:
                await self._ready.wait()
                if (wait_s := sent_at + GATHER_S - clock()) > 0:
                    await asyncio.sleep(wait_s)
                self._ready.clear()
                while (message := self._next_message()) is not None:
                    await stream.write(message)
                sent_at = clock()
                if self._closed.is_set():
                    await stream.done_writing()
                    is_finished = True
        except (grpc.RpcError, asyncio.InvalidStateError):
            pass  # the reader sees the same end and logs why
        except Exception:  # noqa: BLE001 - it must not end unseen
            # A stream that only reads would look alive while no events, progress or free slots are sent.
            _log.exception("session.write_failed: the stream is ended, and opened again")
        finally:
            # Any other end of the writer ends the stream: the reader must not wait on a stream without a writer.
            if not is_finished:
                stream.cancel()

    def _next_message(self) -> pb.WorkRequest | None:
        events = self.outbox.take()
        if events:
            return pb.WorkRequest(events=pb.EventBatch(events=events))
        if self._slots is not None:
            slots, self._slots = self._slots, None
            return pb.WorkRequest(slots=pb.SlotsChanged(slots=slots))
        if self.progress.due:
            batch = self.progress.take()
            if batch is not None:
                return pb.WorkRequest(progress=batch)
        return None

    async def _pause(self, retry_after_ms: int | None) -> None:
        """Wait before the next try: jittered, so that executors do not all reach a restarted scheduler at once."""
        first, longest = BACKOFF_S
        ceiling = max(min(longest, first * 2 ** min(self._failures, 10)), (retry_after_ms or 0) / 1000)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(random.uniform(ceiling / 2, ceiling)):
                await self._closed.wait()
