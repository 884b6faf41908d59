"""A stream to the registry for small commands, where a call of their own would take longest for the call itself.

It only saves time: whatever cannot be said over it, or gets no answer, is said in a call of its own. Every command is
idempotent by the ids in it, so saying it again is harmless.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import grpc

from asynctask_chassis.logs import get_logger
from asynctask_core.errors import OutcomeUnknown
from asynctask_core.status import from_status
from asynctask_protos.registry.v1.ledger_service_pb2 import ConverseRequest, ConverseResponse

if TYPE_CHECKING:
    from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceAsyncStub

log = get_logger(__name__)

FIRST_BACK_OFF_S = 0.1
LONGEST_BACK_OFF_S = 2.0
LARGEST_BYTES = 1 << 16
"""Larger commands take long enough for a call of their own, and would hold up those behind them."""


class Line:
    """One conversation at a time, opened again whenever it ended."""

    def __init__(self, stub: LedgerServiceAsyncStub, *, deadline_s: float) -> None:
        self._stub = stub
        self._deadline_s = deadline_s
        self._call: grpc.aio.StreamStreamCall[ConverseRequest, ConverseResponse] | None = None
        self._number = 0
        self._waiting: dict[int, asyncio.Future[ConverseResponse | None]] = {}
        self._writing = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether a registry listens."""
        return self._call is not None

    async def run(self) -> None:
        """Keep a conversation open, for ever."""
        failures = 0
        while True:
            try:
                await self._converse()
                failures = 0
            except grpc.RpcError as error:
                failures += 1
                log.debug("line.lost", reason=str(error))
            delay = min(FIRST_BACK_OFF_S * 2 ** min(failures, 10), LONGEST_BACK_OFF_S)
            await asyncio.sleep(delay * (0.5 + 0.5 * random.random()))

    async def ask(self, request: ConverseRequest) -> ConverseResponse | None:
        """Have a command carried out. None: say it in a call of its own.

        Raises:
            AsyncTaskError: what the command failed with.
            OutcomeUnknown: no answer within the deadline.
        """
        call = self._call
        if call is None or request.ByteSize() > LARGEST_BYTES:
            return None
        self._number += 1
        number = request.number = self._number
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._write(call, request)
                answer = await answered
        except TimeoutError:
            call.cancel()  # a registry that hangs, or a cut connection: the next call finds another one
            what = request.WhichOneof("command")
            raise OutcomeUnknown(
                f"the registry did not answer `{what}` within {self._deadline_s:g} s"
            ) from None
        finally:
            self._waiting.pop(number, None)
        if answer is None or answer.WhichOneof("answer") is None:
            return None
        if answer.HasField("error"):
            raise from_status(answer.error)
        return answer

    async def _write(
        self, call: grpc.aio.StreamStreamCall[ConverseRequest, ConverseResponse], request: ConverseRequest
    ) -> None:
        async with self._writing:
            try:
                await call.write(request)
            except (grpc.RpcError, asyncio.InvalidStateError):
                self._give_up()  # it has ended
            except asyncio.CancelledError:
                if not call.cancelled() or _is_cancelled():
                    raise
                self._give_up()

    async def _converse(self) -> None:
        call = self._stub.Converse(wait_for_ready=True)
        try:
            await call.initial_metadata()
            self._call = call
            while isinstance(answer := await call.read(), ConverseResponse):
                answered = self._waiting.get(answer.number)
                if answered is not None and not answered.done():
                    answered.set_result(answer)
        except asyncio.CancelledError:
            if not call.cancelled() or _is_cancelled():
                raise
        finally:
            self._call = None
            self._give_up()
            call.cancel()

    def _give_up(self) -> None:
        """Let everything that waits be said in calls of its own."""
        for answered in self._waiting.values():
            if not answered.done():
                answered.set_result(None)


def _is_cancelled() -> bool:
    """Whether this task was cancelled, and not a call that it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
