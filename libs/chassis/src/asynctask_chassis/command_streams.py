"""Executes a peer's small commands over one stream, each like its unary call.

A unary call takes most of a millisecond by itself; on an idle system that was half of the time from a submit to its
handler. Large commands stay unary calls, which also spread a busy peer's load over all replicas.

A request has a `number` and a oneof `command`. Its answer has the same number and a oneof `answer`, which includes
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
"""Most commands of one stream whose answers are not sent yet; further ones are not read."""
LARGEST_BYTES = MAX_MESSAGE_BYTES
"""A larger answer would break the stream. Never drop a smaller one: the caller would repeat the command."""

_CODES = {code.value[0]: code.name for code in grpc.StatusCode}


@dataclass(frozen=True, slots=True)
class StreamedCommand:
    """One command: its field in the answer, its unary call, and the function that executes it."""

    answer: str
    call: str
    carry_out: Callable[[Any], Awaitable[Any]]


class CommandStreams(Generic[RequestT, AnswerT]):
    """The open command streams of one service."""

    def __init__(
        self,
        answer_type: type[AnswerT],
        commands: Mapping[str, StreamedCommand],
        metrics: RpcMetrics,
        *,
        deadline: timedelta,
    ) -> None:
        """Execute `commands`, each within `deadline`, and count each as its unary call."""
        self._answer_type: Callable[..., AnswerT] = answer_type
        self._commands = commands
        self._metrics = metrics
        self._deadline_s = deadline.total_seconds()
        self._readings: set[asyncio.Task[None]] = set()
        self._is_ending = False

    def end(self) -> None:
        """Accept no more commands: the streams end once those that were begun are answered."""
        self._is_ending = True
        for reading in self._readings:
            reading.cancel()

    async def hold(self, requests: AsyncIterator[RequestT]) -> AsyncIterator[AnswerT]:
        """Answer the commands of one stream as they complete, until the stream or the service ends."""
        if self._is_ending:
            return
        answers: asyncio.Queue[AnswerT | None] = asyncio.Queue()
        carrying: set[asyncio.Task[None]] = set()
        room = asyncio.Semaphore(MOST_AT_ONCE)
        reading = asyncio.create_task(
            self._read(requests, answers, carrying, room)
        )  # seen: its end ends the stream
        # Not in the task itself: a task that is cancelled before its first step runs none of its code.
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
        except asyncio.CancelledError:  # the service ends; commands that were begun are still answered
            if not self._is_ending:
                raise
        finally:
            if (reading := asyncio.current_task()) is not None:
                self._readings.discard(reading)  # `end` must not cancel the wait below
        if carrying:
            await asyncio.wait(carrying)

    async def _carry_out(self, request: Any, answers: asyncio.Queue[AnswerT | None]) -> None:
        answer = self._answer_type(number=request.number)
        name = request.WhichOneof("command")
        command = self._commands.get(name or "")
        if name is not None and command is not None:
            await self._fill(answer, command, getattr(request, name))
        # If the answer is empty or was too large, the caller makes the unary call, which raises the error for that.
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
                raise  # otherwise only the command was cancelled, and not this stream
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a status
            answer.error.CopyFrom(status_of(command.call, "a conversation", error))
        self._metrics.seconds.labels(command.call).observe(time.perf_counter() - started)
        self._metrics.handled.labels(command.call, _CODES.get(answer.error.code, "UNKNOWN")).inc()
