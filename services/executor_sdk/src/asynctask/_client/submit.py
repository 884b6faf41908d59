"""Submitting: concurrent callers share calls, and every call is repeated until its outcome is known."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from asynctask._channel import may_have_arrived
from asynctask._supervision import supervised
from asynctask.errors import AsyncTaskError, NotReady, OutcomeUnknown, TryAgain
from asynctask_core import limits
from asynctask_core.status import from_status
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

LINGER_S: Final = 0.002
"""While another call is in flight, submits wait for others at most this long."""
FLIGHTS: Final = 4
"""Calls in flight at once."""
AGAIN_S: Final = (0.05, 2.0)
"""First and longest pause before a repetition."""

SendBatch = Callable[[pb.BatchSubmitTasksRequest, float], Awaitable[pb.BatchSubmitTasksResponse]]
"""One call with its timeout in seconds. Raises AsyncTaskError."""

OnRepeat = Callable[[AsyncTaskError, float, str], object]
"""Called before a call is repeated: with the error, the seconds spent so far, and how it goes on."""

Answer = str | AsyncTaskError
"""A task id, or why the task was refused."""


class Waiting:
    """One submit that waits for its answer."""

    __slots__ = ("began", "deadline", "nbytes", "request", "sent", "settle", "tries", "uncertain")

    def __init__(
        self,
        request: pb.SubmitTaskRequest,
        began: float,
        timeout: float,
        settle: Callable[[Answer], None],
    ) -> None:
        self.request = request
        self.began = began
        self.deadline = began + timeout
        self.settle = settle
        self.sent = False
        self.tries = 0
        self.uncertain = False
        """Whether a try may have made the task although it failed."""
        self.nbytes = request.ByteSize()


def next_batch(queue: "deque[Waiting]") -> list[Waiting]:
    """Take as many as fit one call."""
    found: list[Waiting] = []
    size = 0
    while queue and len(found) < limits.BATCH_ITEMS:
        size += queue[0].nbytes
        if found and size > limits.BATCH_BYTES:
            break
        found.append(queue.popleft())
    return found


def closed_answer(waiting: Waiting) -> AsyncTaskError:
    """The answer to a submit whose client was closed."""
    if waiting.sent:
        return OutcomeUnknown(f"the client was closed: the task may exist; {_repeat(waiting)}")
    return NotReady("the client was closed before the task was submitted")


def broken_answer(waiting: Waiting, error: BaseException) -> AsyncTaskError:
    """The answer to a submit whose call ended with an error that is not of the catalogue."""
    if not waiting.sent:
        answer: AsyncTaskError = NotReady(f"the task was not submitted: {type(error).__name__}")
    else:
        broken = f"the call was broken off by {type(error).__name__}"
        answer = OutcomeUnknown(f"{broken}: the task may exist; {_repeat(waiting)}")
    answer.__cause__ = error
    return answer


def answers_of(response: pb.BatchSubmitTasksResponse) -> list[Answer]:
    """Each task's id or refusal."""
    return [
        from_status(result.error) if result.HasField("error") else result.task_id
        for result in response.results
    ]


def given_up(waiting: Waiting, error: AsyncTaskError, now: float) -> AsyncTaskError:
    """The last error of a submit that is not repeated any more."""
    if not isinstance(error, TryAgain):
        return error  # it was refused, so no earlier try made it: an id that exists is never refused
    waited_s = now - waiting.began
    text = f"{error.message}; given up after {waited_s:.0f} s"
    if waited_s < 1:
        text = f"{error.message}; given up: its timeout is {waiting.deadline - waiting.began:g} s"
    if waiting.uncertain and not isinstance(error, OutcomeUnknown):
        again = f"an earlier try may have made the task: {_repeat(waiting)}"
        return OutcomeUnknown(f"{text}; {again}", retry_after_ms=error.retry_after_ms)
    return type(error)(text, retry_after_ms=error.retry_after_ms, metadata=error.metadata)


def _repeat(waiting: Waiting) -> str:
    """Advice for a task that may exist. Names the request id: if it was generated, the caller does not know it."""
    return f"repeat with request_id {waiting.request.request_id} to know"


def how_long(waiting: Waiting, now: float) -> str:
    """For how long it is repeated."""
    return f"for {waiting.deadline - now:.0f} s"


def draw_jitter() -> float:
    """A part of the longest pause; drawn once per call, so that submits that failed together are repeated together."""
    return random.uniform(0.5, 1.0)


def again_s(waiting: Waiting, error: AsyncTaskError, now: float, jitter: float) -> float | None:
    """Seconds until a submit may be repeated; None when it may not, or its deadline would pass."""
    if not isinstance(error, TryAgain):
        return None
    waiting.uncertain = waiting.uncertain or may_have_arrived(error)
    first, longest = AGAIN_S
    ceiling = max(min(longest, first * 2**waiting.tries), (error.retry_after_ms or 0) / 1000)
    waiting.tries = min(waiting.tries + 1, 10)
    pause = ceiling * jitter
    return pause if now + pause < waiting.deadline else None


class SubmitBatcher:
    """Gathers concurrent submits of one event loop into batches.

    While no call is in flight, a submit is sent at once. Otherwise submits wait for others, at most 2 ms, and are sent
    together. Repetitions carry the same request id, so nothing is submitted twice.
    """

    def __init__(self, send: SendBatch, on_repeat: OnRepeat | None = None) -> None:
        self._send = send
        self._on_repeat = on_repeat
        self._queue: deque[Waiting] = deque()
        self._unanswered: set[Waiting] = set()
        self._flights: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | asyncio.Handle | None = None
        self._closed = False

    async def submit(self, request: pb.SubmitTaskRequest, timeout: float) -> str:
        """Submit one task. Raises AsyncTaskError."""
        (answer,) = await self.submit_all([request], timeout)
        if isinstance(answer, AsyncTaskError):
            raise answer.with_traceback(None)  # the shared call's frames help no caller
        return answer

    async def submit_all(self, requests: Sequence[pb.SubmitTaskRequest], timeout: float) -> list[Answer]:
        """Submit several tasks; one answer each, in their order."""
        if self._closed:
            raise RuntimeError("the client is closed")
        loop = asyncio.get_running_loop()
        began = loop.time()
        answers: list[Answer] = [""] * len(requests)
        done: asyncio.Future[None] = loop.create_future()
        left = len(requests)
        if not left:
            return answers

        def settle(index: int, answer: Answer) -> None:
            nonlocal left
            answers[index] = answer
            left -= 1
            if not left and not done.done():
                done.set_result(None)

        for index, request in enumerate(requests):
            waiting = Waiting(request, began, timeout, lambda answer, index=index: settle(index, answer))
            self._queue.append(waiting)
            self._unanswered.add(waiting)
        self._plan()
        await done
        return answers

    async def close(self) -> None:
        """Stop all calls: every submit without an answer gets an error."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        for flight in self._flights:
            flight.cancel()
        if self._flights:
            await asyncio.wait(self._flights)
        self._queue.clear()
        for waiting in list(self._unanswered):
            self._settle(waiting, closed_answer(waiting))

    def _plan(self) -> None:
        """Plan a call for the submits in the queue."""
        if not self._queue or self._timer is not None or len(self._flights) >= FLIGHTS:
            return
        loop = asyncio.get_running_loop()
        if not self._flights or len(self._queue) >= limits.BATCH_ITEMS:
            # After this turn of the loop, so that other submits of the same turn are in the same call.
            self._timer = loop.call_soon(self._launch)
        else:
            self._timer = loop.call_later(LINGER_S, self._launch)

    def _launch(self) -> None:
        self._timer = None
        batch = next_batch(self._queue)
        if batch:
            left = deque(batch)
            flight = supervised(
                asyncio.get_running_loop().create_task(self._fly(batch, left)), "a call of submits"
            )
            self._flights.add(flight)
            flight.add_done_callback(partial(self._landed, left))
        self._plan()

    def _landed(self, left: deque[Waiting], flight: "asyncio.Task[None]") -> None:
        self._flights.discard(flight)
        if not self._closed:
            # These have no answer, since the call was cancelled, such as by one of several users of this client that
            # cancels every task of the event loop. The other users still wait.
            for waiting in left:
                waiting.uncertain = waiting.uncertain or waiting.sent
            self._queue.extendleft(reversed(left))
            if self._timer is not None and not self._flights:
                self._timer.cancel()
                self._timer = None
            self._plan()

    async def _fly(self, batch: list[Waiting], left: deque[Waiting]) -> None:
        try:
            await self._call(batch, left)
        except Exception as error:  # noqa: BLE001 - the waiting callers get any error: nothing else would raise it
            while left:
                waiting = left.popleft()
                self._settle(waiting, broken_answer(waiting, error))

    async def _call(self, batch: list[Waiting], left: deque[Waiting]) -> None:
        """Make one call; remove from `left` each submit that has an answer or is to be repeated."""
        loop = asyncio.get_running_loop()
        request = pb.BatchSubmitTasksRequest(tasks=[waiting.request for waiting in batch])
        timeout = max(0.001, min(10.0, max(waiting.deadline for waiting in batch) - loop.time()))
        for waiting in batch:
            waiting.sent = True
        answers: list[Answer]
        try:
            answers = answers_of(await self._send(request, timeout))
        except AsyncTaskError as error:
            answers = [error] * len(batch)
        except asyncio.CancelledError:
            return  # `close` answers them; else `_landed` repeats them
        now, jitter = loop.time(), draw_jitter()
        for waiting, answer in zip(batch, answers, strict=True):
            if isinstance(answer, AsyncTaskError) and not self._closed:
                pause = again_s(waiting, answer, now, jitter)
                if pause is not None:
                    if self._on_repeat is not None:
                        self._on_repeat(answer, now - waiting.began, how_long(waiting, now))
                    loop.call_at(now + pause, self._repeat, waiting)
                    left.popleft()
                    continue
                answer = given_up(waiting, answer, now)  # noqa: PLW2901
            left.popleft()
            self._settle(waiting, answer)

    def _settle(self, waiting: Waiting, answer: Answer) -> None:
        self._unanswered.discard(waiting)
        waiting.settle(answer)

    def _repeat(self, waiting: Waiting) -> None:
        if self._closed:
            return
        self._queue.append(waiting)
        self._plan()
