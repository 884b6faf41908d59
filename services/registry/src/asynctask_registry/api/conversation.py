"""`Converse`: a scheduler's small commands over one stream, each carried out as its own call would be.

A unary call takes most of a millisecond before anything is done; on an idle system that was half of the time from a
submit to its handler. Large commands stay calls of their own, which also spreads a busy scheduler over all replicas.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from asynctask_chassis.interceptors.errors import status_of
from asynctask_protos.registry.v1.ledger_service_pb2 import ConverseRequest, ConverseResponse

MOST_AT_ONCE = 64
"""Commands of one conversation; more wait unread."""
LARGEST_BYTES = 1 << 20
"""A larger answer would hold up those behind it."""

Command = Callable[[Any], Awaitable[Any]]
Answers = asyncio.Queue[ConverseResponse | None]

_ANSWER_TO = {"create": "created", "start": "started", "record": "recorded"}


class Conversations:
    """The conversations that are open."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        """Carry out `create`, `start` and `record` by these."""
        self._commands = commands
        self._readings: set[asyncio.Task[None]] = set()
        self._is_ending = False

    def end(self) -> None:
        """Take no command any more: what was begun is answered, then the streams end."""
        self._is_ending = True
        for reading in self._readings:
            reading.cancel()

    async def hold(self, requests: AsyncIterator[ConverseRequest]) -> AsyncIterator[ConverseResponse]:
        """Answer the commands of one stream as they are done, until it ends or the service does."""
        if self._is_ending:
            return
        answers: Answers = asyncio.Queue()
        carrying: set[asyncio.Task[None]] = set()
        reading = asyncio.create_task(self._read(requests, answers, carrying))
        self._readings.add(reading)
        try:
            while (answer := await answers.get()) is not None:
                yield answer
        finally:
            self._readings.discard(reading)
            tasks = (reading, *carrying)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(
        self, requests: AsyncIterator[ConverseRequest], answers: Answers, carrying: set[asyncio.Task[None]]
    ) -> None:
        room = asyncio.Semaphore(MOST_AT_ONCE)

        def done(task: asyncio.Task[None]) -> None:
            carrying.discard(task)
            room.release()

        try:
            async for request in requests:
                await room.acquire()
                task = asyncio.create_task(self._carry_out(request, answers))
                carrying.add(task)
                task.add_done_callback(done)
        except asyncio.CancelledError:  # the service ends; what was begun is still answered
            if not self._is_ending:
                raise
        finally:
            if carrying:
                await asyncio.wait(carrying)
            answers.put_nowait(None)

    async def _carry_out(self, request: ConverseRequest, answers: Answers) -> None:
        answer = ConverseResponse(number=request.number)
        name = request.WhichOneof("command")
        try:
            if name is not None:
                result = await self._commands[name](getattr(request, name))
                getattr(answer, _ANSWER_TO[name]).CopyFrom(result)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a status
            answer.error.CopyFrom(status_of(f"Converse.{name}", "scheduler", error))
        if answer.ByteSize() > LARGEST_BYTES:
            answer = ConverseResponse(number=request.number)
        answers.put_nowait(answer)
