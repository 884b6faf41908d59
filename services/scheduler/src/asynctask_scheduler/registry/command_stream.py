"""Keeps a command stream to a registry open for small commands, and opens the next one when it ends.

Every command is idempotent by the ids in it, so sending an unanswered one again is harmless. If that fails too, the
first try may have been executed.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from asynctask_aio.command_stream import CommandStream, Unanswered
from asynctask_chassis.logs import get_logger
from asynctask_chassis.supervision import strays_fail
from asynctask_core.errors import OutcomeUnknown
from asynctask_protos.registry.v1.ledger_service_pb2 import ConverseRequest, ConverseResponse

if TYPE_CHECKING:
    from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceAsyncStub

log = get_logger(__name__)

FIRST_BACK_OFF_S = 0.1
LONGEST_BACK_OFF_S = 2.0
STEADY_S = 5.0
"""A stream that lasted so long resets the back-off."""
KEPT_S = 300.0
"""A stream is replaced after so long at most. The next one goes to another registry, so that a restarted one gets its
share of the load again."""


class RegistryCommandStream:
    """One stream after another to the registries of a channel."""

    def __init__(self, stub: LedgerServiceAsyncStub, *, deadline_s: float) -> None:
        self._stub = stub
        self._deadline_s = deadline_s
        self._stream: CommandStream[ConverseRequest, ConverseResponse] | None = None

    @property
    def is_open(self) -> bool:
        """Whether a stream is open for commands."""
        return self._stream is not None and self._stream.is_open

    async def run(self) -> None:
        """Keep a stream open until cancelled."""
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            begun_at = loop.time()
            self._stream = CommandStream(
                self._stub.Converse(wait_for_ready=True),
                ConverseResponse,
                kept_s=KEPT_S,
                last_answers_s=self._deadline_s,
            )
            try:
                with strays_fail():
                    lost: BaseException | None = await self._stream.run()
            except Exception as error:  # noqa: BLE001 - without the stream, commands are sent as unary calls
                lost = error
            if lost is not None:
                log.info("command_stream.lost", reason=f"{type(lost).__name__}: {lost}")
            failures = 0 if loop.time() - begun_at > STEADY_S else failures + 1
            delay = min(FIRST_BACK_OFF_S * 2 ** min(failures, 10), LONGEST_BACK_OFF_S)
            await asyncio.sleep(delay * (0.5 + 0.5 * random.random()))

    async def ask(self, request: ConverseRequest) -> ConverseResponse | Unanswered:
        """Let the registry execute a command. If this returns Unanswered, repeat it as a unary call.

        Raises:
            AsyncTaskError: the command failed with this error.
            OutcomeUnknown: no answer came within the deadline, or the stream broke after more than half of it.
        """
        if self._stream is None:
            return Unanswered.UNSENT
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        try:
            answer = await self._stream.ask(request, self._deadline_s)
        except TimeoutError:
            raise self._unknown(request) from None
        if isinstance(answer, Unanswered):
            if loop.time() - asked_at > self._deadline_s / 2:
                raise self._unknown(request)  # a unary call could take another whole deadline
            return answer
        # An empty answer may mean that it was too large, although the command was executed.
        return answer if answer.WhichOneof("answer") else Unanswered.UNCERTAIN

    def _unknown(self, request: ConverseRequest) -> OutcomeUnknown:
        what = request.WhichOneof("command")
        return OutcomeUnknown(f"the registry did not answer `{what}` within {self._deadline_s:g} s")
