"""A peer's small commands over one stream, each carried out as its own call would be.

A unary call takes most of a millisecond before anything is done; on an idle system that was half of the time from a
submit to its handler. Large commands stay calls of their own, which also spreads a busy peer over all replicas.

A request has a `number` and a oneof `command`; an answer the same number and a oneof `answer`, one of whose fields is
`error`, a google.rpc.Status.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

import grpc
from google.protobuf.message import Message

from asynctask_chassis.interceptors.errors import status_of
from asynctask_chassis.metrics import RpcMetrics
from asynctask_chassis.server import MAX_MESSAGE_BYTES
from asynctask_chassis.supervision import supervised
from asynctask_core.errors import OutcomeUnknown

RequestT = TypeVar("RequestT", bound=Message)
AnswerT = TypeVar("AnswerT", bound=Message)

MOST_AT_ONCE = 64
"""Commands of one conversation whose answers have not left; more wait unread."""
LARGEST_BYTES = MAX_MESSAGE_BYTES
"""A larger answer would break the stream. Never drop a smaller one: the caller would repeat the command."""

_CODES = {code.value[0]: code.name for code in grpc.StatusCode}


@dataclass(frozen=True, slots=True)
class StreamedCommand:
    """One kind of command: its field in the answer, the call it stands for, and what carries it out."""

    answer: str
    call: str
    carry_out: Callable[[Any], Awaitable[Any]]


class CommandStreams(Generic[RequestT, AnswerT]):
    """The conversations that are open."""

    def __init__(
        self,
        answer_type: type[AnswerT],
        commands: Mapping[str, StreamedCommand],
        metrics: RpcMetrics,
        *,
        deadline: timedelta,
    ) -> None:
        """Carry out what these say, each within `deadline`, and count it as the call that it stands for."""
        self._answer_type: Callable[..., AnswerT] = answer_type
        self._commands = commands
        self._metrics = metrics
        self._deadline_s = deadline.total_seconds()
        self._readings: set[asyncio.Task[None]] = set()
        self._is_ending = False

    def end(self) -> None:
        """Take no command any more: what was begun is answered, then the streams end."""
        self._is_ending = True
        for reading in self._readings:
            reading.cancel()

    async def hold(self, requests: AsyncIterator[RequestT]) -> AsyncIterator[AnswerT]:
        """Answer the commands of one stream as they are done, until it ends or the service does."""
        if self._is_ending:
            return
        answers: asyncio.Queue[AnswerT | None] = asyncio.Queue()
        carrying: set[asyncio.Task[None]] = set()
        room = asyncio.Semaphore(MOST_AT_ONCE)
        reading = asyncio.create_task(
            self._read(requests, answers, carrying, room)
        )  # seen: its end ends the stream
        # Not by the task itself: cancelled before its first step it does nothing at all.
        reading.add_done_callback(lambda _: answers.put_nowait(None))
        self._readings.add(reading)
        try:
            while (answer := await answers.get()) is not None:
                yield answer
                room.release()
        finally:
            self._readings.discard(reading)
            tasks = (reading, *carrying)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(
        self,
        requests: AsyncIterator[RequestT],
        answers: asyncio.Queue[AnswerT | None],
        carrying: set[asyncio.Task[None]],
        room: asyncio.Semaphore,
    ) -> None:
        try:
            async for request in requests:
                await room.acquire()
                task = asyncio.create_task(self._carry_out(request, answers))  # seen: by `supervised`
                carrying.add(supervised(task, "conversation.command", carrying.discard))
        except asyncio.CancelledError:  # the service ends; what was begun is still answered
            if not self._is_ending:
                raise
        finally:
            if (reading := asyncio.current_task()) is not None:
                self._readings.discard(reading)  # its end is not hurried on
        if carrying:
            await asyncio.wait(carrying)

    async def _carry_out(self, request: Any, answers: asyncio.Queue[AnswerT | None]) -> None:
        answer = self._answer_type(number=request.number)
        name = request.WhichOneof("command")
        command = self._commands.get(name or "")
        if name is not None and command is not None:
            await self._fill(answer, command, getattr(request, name))
        # Without an answer, or with one that is too large, the caller makes a call of its own, which says that it is.
        if answer.ByteSize() > LARGEST_BYTES:
            answer = self._answer_type(number=request.number)
        answers.put_nowait(answer)

    async def _fill(self, answer: Any, command: StreamedCommand, request: Any) -> None:
        started = time.perf_counter()
        try:
            timeout = asyncio.timeout(self._deadline_s)
            try:
                async with timeout:
                    getattr(answer, command.answer).CopyFrom(await command.carry_out(request))
            except TimeoutError:
                if not timeout.expired():
                    raise
                message = f"not finished within {self._deadline_s:g} s; the outcome is unknown"
                raise OutcomeUnknown(message) from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise  # else somebody dropped the command, and not this conversation
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a status
            answer.error.CopyFrom(status_of(command.call, "a conversation", error))
        self._metrics.seconds.labels(command.call).observe(time.perf_counter() - started)
        self._metrics.handled.labels(command.call, _CODES.get(answer.error.code, "UNKNOWN")).inc()
