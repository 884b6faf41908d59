"""One run of an executor: wires session, runner, leases and logs together, and drains them in order."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import grpc

from asynctask._attempt.attempt import Attempt, Holdings
from asynctask._attempt.clock import Clock
from asynctask._attempt.executor_tasks import executor_task
from asynctask._attempt.stop import Stop
from asynctask._channel import open_aio, open_sync
from asynctask._executor.calls import HandlerCalls
from asynctask._executor.fence import Fence
from asynctask._executor.last_resort import LastResort
from asynctask._executor.logs import LogCapture, LogShipper
from asynctask._executor.loop_heartbeat import Pulse
from asynctask._executor.loop_watch import LoopWatch, stack_of
from asynctask._executor.renewer import RenewCall, Renewer
from asynctask._executor.runner import Runner, released
from asynctask._executor.session import SessionStream
from asynctask._forks import end_loop_of_child, undone_in_children
from asynctask._handler.containment import contain
from asynctask._handler.handlers import Handlers
from asynctask._handler.threads import HandlerNotStarted, run_in_thread
from asynctask._task import TaskType
from asynctask_core.ids import id_text
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.scheduler.v1 import executor_service_pb2_grpc
from asynctask_protos.task.v1 import work_pb2

_log = logging.getLogger("asynctask.executor")

SETTLE_S: Final = 5.0
"""How long a draining executor waits for its last outcomes to be acknowledged, after its handlers have ended."""
STREAM_ENDS_S: Final = 1.0
"""How long the stream may take to end once it is closed, before it is given up."""

Condition = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Identity:
    """An executor's Hello, its types by name, and how it reaches its scheduler."""

    hello: pb.Hello
    types: Mapping[str, TaskType]
    addresses: tuple[str, ...]
    grace_s: float
    credentials: grpc.ChannelCredentials | None = None


class Running:
    """One run of an executor: everything that lives as long as its event loop."""

    def __init__(self, identity: Identity, clock: Clock, last_resort: LastResort) -> None:
        self._identity = identity
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._pulse = Pulse(self._loop, clock)
        self._holdings = Holdings()
        self._waiting: list[Attempt] = []
        self._draining = asyncio.Event()
        self._changed = asyncio.Event()
        self._session = SessionStream(
            identity.addresses,
            self._holdings,
            self._hello,
            self,
            open_channel=lambda address: open_aio(address, identity.credentials),
        )
        self._calls = HandlerCalls(self._session)
        self._logs = LogShipper(self._loop, self._calls.append_logs)
        self._runner = Runner(identity.types, self, Handlers(self), self._ended)
        self._fence = Fence(
            lambda: self._runner.handling, clock, stop=self._fence_off, end_process=last_resort.end_process
        )
        self._thread = here = threading.get_ident()
        self._loop_watch = LoopWatch(
            lambda: self._pulse.latest,
            clock,
            stack=lambda: stack_of(here),
            tasks=lambda: self._runner.on_loop,
        )
        self._channel: tuple[int, grpc.Channel] | None = None
        self._renewer = Renewer(
            identity.hello.executor_id,
            self._holdings,
            self._fence,
            clock,
            connect=self._renew_call,
            answer=self._renewed,
        )
        # The methods of a handler's link.
        self.put = self._session.outbox.put
        self.report = self._session.progress.report
        self.append_manifest = self._calls.append_manifest
        self.read_manifest = self._calls.read_manifest

    async def run(self) -> None:
        """Run until drained."""
        contain(self._loop)
        with undone_in_children(self._leave_in_child), _captured(LogCapture(self._logs)):
            self._fence.start()
            self._loop_watch.start()
            session = executor_task(self._session.run())
            drained = executor_task(self._drain())
            try:
                await asyncio.wait([session, drained], return_when=asyncio.FIRST_COMPLETED)
            finally:
                for attempt in self._runner.running:
                    attempt.interrupt(Stop.DRAIN)
                if drained.done() and not session.done():
                    self._session.finish()
                    await asyncio.wait([session], timeout=STREAM_ENDS_S)
                self._session.close()
                drained.cancel()
                self._loop_watch.close()
                self._pulse.close()
                # A stream that is cancelled just as it begins may leave its first write waiting for ever, in gRPC.
                await asyncio.wait([session, drained], timeout=STREAM_ENDS_S)
                session.cancel()
                await asyncio.wait([session, drained])
                # Joined in another thread: they may be in the middle of a call, whose answer they pass to this loop.
                try:
                    await run_in_thread("close", self._close_threads)
                except HandlerNotStarted:
                    self._close_threads()
            if not session.cancelled():
                session.result()
            if not drained.cancelled():
                drained.result()
            self._runner.work.flush()
            if len(self._holdings):
                text = "executor.stopped: tasks not given back: %d; other executors run them once their leases end"
                _log.warning(text, len(self._holdings))
            else:
                _log.info("executor.stopped: each of its tasks has ended or was given back")

    def drain(self, reason: str) -> None:
        """Take no new task, let handlers reach their safe points, give back the tasks that are left, end."""
        if not self._draining.is_set():
            _log.info("executor.draining: %s; no new task is taken; running: %d", reason, len(self._runner))
            self._draining.set()

    def _leave_in_child(self) -> None:
        """In a child that a handler forked: its copy of the event loop must not go on."""
        if threading.get_ident() == self._thread:
            end_loop_of_child(self._loop)

    async def _drain(self) -> None:
        await self._draining.wait()
        self._session.set_slots(0)
        for attempt in self._holdings:
            attempt.drain()
        self._start_waiting()  # they end at once, released
        if not await self._until(lambda: not len(self._runner), self._identity.grace_s):
            _log.warning(
                "executor.grace_over: handlers that reached no safe point in time and are stopped now: %d",
                len(self._runner),
            )
            for attempt in self._runner.running:
                attempt.interrupt(Stop.DRAIN)
            if not await self._until(lambda: not len(self._runner), SETTLE_S):
                self._release_stuck()
        await self._logs.close(SETTLE_S)
        await self._until(lambda: not len(self._holdings), SETTLE_S)

    def _release_stuck(self) -> None:
        """Give back the tasks of threads that do not stop: the process ends right after."""
        for attempt in self._runner.running:
            self.put(attempt, attempt.new_event(outcome=released(attempt)))

    async def _until(self, condition: Condition, timeout_s: float) -> bool:
        """Wait until the condition holds; False if it does not within `timeout_s`."""
        deadline = self._loop.time() + timeout_s
        while not condition():
            left = deadline - self._loop.time()
            if left <= 0:
                return False
            self._changed.clear()
            # Acknowledgements shrink the holdings too, but do not set `_changed`: so check every 50 ms.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, 0.05)):
                    await self._changed.wait()
        return True

    # --- messages of the scheduler ---------------------------------------------------------------------------------

    def welcomed(self, welcome: pb.Welcome) -> None:
        _log.info(
            "session.opened: as %s, serving %s at %s with %d slots",
            self._identity.hello.executor_id,
            ", ".join(self._identity.types),
            self._session.address,
            self._identity.hello.slots,
        )
        self._pulse.open(welcome.lease_ms)
        self._renewer.open(welcome.session, welcome.lease_ms, welcome.renew_every_ms)
        if self._draining.is_set():
            self._session.set_slots(0)

    def assigned(self, assignments: Sequence[work_pb2.Assignment]) -> None:
        received = self._pulse.earlier
        fresh = self._fence.is_fresh()
        for assignment in assignments:
            if self._holdings.get(assignment.attempt_id) is not None:
                continue  # delivered twice
            attempt = Attempt(assignment, received, self._clock)
            attempt.draining = self._draining.is_set()
            self._holdings.add(attempt)
            # A task that may have killed its last executor starts under a renewed lease, so that its loss is counted.
            may_start = fresh and not attempt.fenced and not assignment.undelivered_count
            if attempt.draining or may_start:
                self._runner.start(attempt)
            else:
                self._waiting.append(attempt)
        self._fence.wake()
        self._renewer.confirm()

    def controlled(self, controls: Sequence[pb.Control]) -> None:
        for control in controls:
            attempt = self._holdings.get(control.attempt_id)
            if attempt is None:
                continue
            if control.lost:
                self._session.lose(attempt)
            else:
                attempt.request(control.requested)

    # --- leases ------------------------------------------------------------------------------------------------------

    def _renew_call(self, attempt_number: int) -> RenewCall:
        """The renewal call to the n-th address; a new channel for each `n`, since the old one may be dead."""
        if self._channel is None or self._channel[0] != attempt_number:
            if self._channel is not None:
                self._channel[1].close()
            addresses = self._identity.addresses
            address = addresses[attempt_number % len(addresses)]
            self._channel = (attempt_number, open_sync(address, self._identity.credentials))
        return executor_service_pb2_grpc.ExecutorServiceStub(self._channel[1]).Renew

    def _renewed(self, response: pb.RenewResponse) -> None:
        """In the renewal thread."""
        self._post(lambda: self._apply_renewal(response))

    def _apply_renewal(self, response: pb.RenewResponse) -> None:
        for attempt_id in response.lost_attempt_ids:
            attempt = self._holdings.get(attempt_id)
            if attempt is not None:
                self._session.lose(attempt)
        self.controlled(response.controls)
        self._start_waiting()

    def _start_waiting(self) -> None:
        """Start the attempts that waited for a renewal, if they were renewed and are still held under a live lease."""
        waiting, self._waiting = self._waiting, []
        for attempt in waiting:
            if self._holdings.get(attempt.attempt_id) is not attempt:
                continue
            if attempt.draining or (attempt.renewed and not attempt.fenced):
                self._runner.start(attempt)
            else:
                self._waiting.append(attempt)
        self._fence.wake()
        if self._waiting:
            self._renewer.confirm()

    def _fence_off(self, attempt: Attempt) -> None:
        """In the fence's thread: threads see the stop at their next call, all others are stopped from the loop.

        The loop also writes the log line: a log that blocks must not block the fence.
        """
        if attempt.stop is None or attempt.stop < Stop.FENCED:
            kill = attempt.kill_handler
            if kill is not None:
                kill()
            self._post(lambda: attempt.interrupt(Stop.FENCED))
        self._post(lambda: _say_fenced(attempt))

    def _post(self, call: Callable[[], object]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            _log.debug("the loop is closed")

    def _ended(self, attempt: Attempt) -> None:
        self._logs.ended(attempt)
        if self._draining.is_set():
            self._changed.set()

    def _close_threads(self) -> None:
        self._renewer.close()
        self._fence.close()
        if self._channel is not None:
            self._channel[1].close()

    def _hello(self) -> pb.Hello:
        hello = pb.Hello()
        hello.CopyFrom(self._identity.hello)
        for attempt in self._holdings:
            hello.held.add(task_id=attempt.task_id, attempt_id=attempt.attempt_id)
        return hello


def _say_fenced(attempt: Attempt) -> None:
    _log.error(
        "lease.fenced: the lease of task %s could not be renewed in time: its handler is stopped; the task goes on"
        " at another executor, or here after reconnecting",
        id_text(attempt.task_id),
    )


@contextlib.contextmanager
def _captured(capture: LogCapture) -> Iterator[None]:
    """While inside, log lines of handlers are kept; `ctx.log` passes INFO at every level of the root logger."""
    tasks = logging.getLogger("asynctask.task")
    capture.attach()
    if tasks.level == logging.NOTSET:
        tasks.setLevel(logging.INFO)
    try:
        # What a forked child logs is not kept with the task: only this process can send it.
        with undone_in_children(capture.detach):
            yield
    finally:
        capture.detach()
