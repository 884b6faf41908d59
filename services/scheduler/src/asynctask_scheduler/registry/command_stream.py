"""A stream to the registry for small commands: a unary call would take longer than the command itself.

It only saves time: a command that is too large, or gets no answer, is sent as a unary call. Every command is idempotent
by the ids in it, so repeating it is harmless. If the repetition fails too, the first try may have been executed.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

import grpc

from asynctask_chassis.logs import get_logger
from asynctask_chassis.supervision import is_stopped, strays_fail, supervised
from asynctask_core.errors import OutcomeUnknown
from asynctask_core.status import from_status
from asynctask_protos.registry.v1.ledger_service_pb2 import ConverseRequest, ConverseResponse
from asynctask_scheduler.registry.call_errors import Unanswered

if TYPE_CHECKING:
    from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceAsyncStub

log = get_logger(__name__)

Call: TypeAlias = "grpc.aio.StreamStreamCall[ConverseRequest, ConverseResponse]"

FIRST_BACK_OFF_S = 0.1
LONGEST_BACK_OFF_S = 2.0
STEADY_S = 5.0
"""A stream that lasted so long resets the back-off."""
KEPT_S = 300.0
"""A stream is replaced after so long at most. The next one goes to another registry, so that a restarted one gets its
share of the load again."""
LARGEST_BYTES = 1 << 16
"""Larger commands are sent as unary calls: these add little to their time, and do not delay other commands."""


class CommandStream:
    """Keeps one stream open at a time, and opens the next one when it ends."""

    def __init__(self, stub: LedgerServiceAsyncStub, *, deadline_s: float) -> None:
        self._stub = stub
        self._deadline_s = deadline_s
        self._call: Call | None = None
        self._heard_at = 0.0
        self._number = 0
        self._waiting: dict[int, asyncio.Future[ConverseResponse | Unanswered]] = {}
        self._writing = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether a stream is open for commands."""
        return self._call is not None

    async def run(self) -> None:
        """Keep a stream open until cancelled."""
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            begun_at = loop.time()
            try:
                with strays_fail():
                    await self._converse()
            except Exception as error:  # noqa: BLE001 - without the stream, commands are sent as unary calls
                log.info("command_stream.lost", reason=f"{type(error).__name__}: {error}")
            failures = 0 if loop.time() - begun_at > STEADY_S else failures + 1
            delay = min(FIRST_BACK_OFF_S * 2 ** min(failures, 10), LONGEST_BACK_OFF_S)
            await asyncio.sleep(delay * (0.5 + 0.5 * random.random()))

    async def ask(self, request: ConverseRequest) -> ConverseResponse | Unanswered:
        """Let the registry execute a command. If this returns Unanswered, repeat it as a unary call.

        Raises:
            AsyncTaskError: the command failed with this error.
            OutcomeUnknown: no answer came within the deadline, or the stream broke after more than half of it.
        """
        call = self._call
        if call is None or request.ByteSize() > LARGEST_BYTES:
            return Unanswered.UNSENT
        self._number += 1
        number = request.number = self._number
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        answered = self._waiting[number] = loop.create_future()
        try:
            async with asyncio.timeout(self._deadline_s):
                answer = await self._write(call, request) or await answered
        except TimeoutError:
            if self._heard_at < asked_at:
                call.cancel()  # the registry hangs, or the connection is cut: the next stream goes to another one
            raise self._unknown(request) from None
        finally:
            self._waiting.pop(number, None)
        if isinstance(answer, Unanswered):
            if loop.time() - asked_at > self._deadline_s / 2:
                raise self._unknown(request)  # a unary call could take another whole deadline
            return answer
        if answer.HasField("error"):
            raise from_status(answer.error)
        # An empty answer may mean that it was too large, although the command was executed.
        return answer if answer.WhichOneof("answer") else Unanswered.UNCERTAIN

    def _unknown(self, request: ConverseRequest) -> OutcomeUnknown:
        what = request.WhichOneof("command")
        return OutcomeUnknown(f"the registry did not answer `{what}` within {self._deadline_s:g} s")

    async def _write(self, call: Call, request: ConverseRequest) -> Unanswered | None:
        """Send a command; returns why no answer can come, or None if one can."""
        async with self._writing:
            try:
                await call.write(request)
            except asyncio.InvalidStateError:
                return Unanswered.UNSENT  # the stream had ended before
            except grpc.RpcError:
                return Unanswered.UNCERTAIN  # the stream ended meanwhile
            except asyncio.CancelledError:
                if not call.cancelled() or is_stopped():
                    raise
                return Unanswered.UNCERTAIN
            return None

    async def _converse(self) -> None:
        call = self._stub.Converse(wait_for_ready=True)
        leaving: asyncio.Task[None] | None = None
        try:
            await call.initial_metadata()
            self._call = call
            leaving = supervised(
                asyncio.create_task(self._leave(call, KEPT_S * (0.5 + 0.5 * random.random()))),
                "command_stream.leave",
            )
            while isinstance(answer := await call.read(), ConverseResponse):
                self._heard_at = asyncio.get_running_loop().time()
                answered = self._waiting.get(answer.number)
                if answered is not None and not answered.done():
                    answered.set_result(answer)
        except asyncio.CancelledError:
            if not call.cancelled() or is_stopped():
                raise
        finally:
            if leaving is not None:
                leaving.cancel()
            self._call = None
            for answered in self._waiting.values():
                if not answered.done():
                    answered.set_result(Unanswered.UNCERTAIN)
            call.cancel()

    async def _leave(self, call: Call, after_s: float) -> None:
        """Send no more commands over this stream after a while; it ends once the pending ones are answered."""
        await asyncio.sleep(after_s)
        self._call = None
        async with self._writing:
            with suppress(grpc.RpcError, asyncio.InvalidStateError):  # the stream has ended
                await call.done_writing()
        await asyncio.sleep(self._deadline_s)
        call.cancel()  # if the registry has not ended it
