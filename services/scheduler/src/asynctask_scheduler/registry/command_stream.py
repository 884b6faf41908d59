"""A stream to the registry for small commands, where a call of their own would take longest for the call itself.

It only saves time: a command that does not fit, or gets no answer, is sent again as a call of its own. Every command is
idempotent by the ids in it, so saying it again is harmless; should that fail too, the first may have been carried out.
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
"""A conversation that lasted so long forgets the failures before it."""
KEPT_S = 300.0
"""A conversation is given up after so long at most: the next one is with another registry, so one that was restarted
gets its share again."""
LARGEST_BYTES = 1 << 16
"""Larger commands take long enough for a call of their own, and would delay those behind them."""


class CommandStream:
    """One conversation at a time, opened again whenever it ended."""

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
        """Whether a registry listens."""
        return self._call is not None

    async def run(self) -> None:
        """Keep a conversation open, for ever."""
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            begun_at = loop.time()
            try:
                with strays_fail():
                    await self._converse()
            except Exception as error:  # noqa: BLE001 - without it everything is said in calls of its own
                log.info("line.lost", reason=f"{type(error).__name__}: {error}")
            failures = 0 if loop.time() - begun_at > STEADY_S else failures + 1
            delay = min(FIRST_BACK_OFF_S * 2 ** min(failures, 10), LONGEST_BACK_OFF_S)
            await asyncio.sleep(delay * (0.5 + 0.5 * random.random()))

    async def ask(self, request: ConverseRequest) -> ConverseResponse | Unanswered:
        """Have a command carried out. Unanswered: say it in a call of its own.

        Raises:
            AsyncTaskError: what the command failed with.
            OutcomeUnknown: no answer within the deadline, or none before the line broke late in it.
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
                call.cancel()  # a registry that hangs, or a cut connection: the next call finds another one
            raise self._unknown(request) from None
        finally:
            self._waiting.pop(number, None)
        if isinstance(answer, Unanswered):
            if loop.time() - asked_at > self._deadline_s / 2:
                raise self._unknown(request)  # a call of its own would take another deadline
            return answer
        if answer.HasField("error"):
            raise from_status(answer.error)
        # Without one it may have been too large, of a command that was carried out.
        return answer if answer.WhichOneof("answer") else Unanswered.UNCERTAIN

    def _unknown(self, request: ConverseRequest) -> OutcomeUnknown:
        what = request.WhichOneof("command")
        return OutcomeUnknown(f"the registry did not answer `{what}` within {self._deadline_s:g} s")

    async def _write(self, call: Call, request: ConverseRequest) -> Unanswered | None:
        """Send a command; why there can be no answer, else None."""
        async with self._writing:
            try:
                await call.write(request)
            except asyncio.InvalidStateError:
                return Unanswered.UNSENT  # it had ended before
            except grpc.RpcError:
                return Unanswered.UNCERTAIN  # it ended meanwhile
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
                asyncio.create_task(self._leave(call, KEPT_S * (0.5 + 0.5 * random.random()))), "line.leave"
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
        """Ask nothing more over this conversation after a while; what it was asked is answered, and that ends it."""
        await asyncio.sleep(after_s)
        self._call = None
        async with self._writing:
            with suppress(grpc.RpcError, asyncio.InvalidStateError):  # it has ended
                await call.done_writing()
        await asyncio.sleep(self._deadline_s)
        call.cancel()  # a registry that does not end it
