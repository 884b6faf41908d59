"""The client's end of a command stream: a unary call would take longer than a small command itself.

A request has a `number`; its answer has the same number, and a oneof `answer` that includes `error`, a
google.rpc.Status. A stream only saves time: the owner sends a command that the stream does not answer as a unary call,
with the same ids in it, so that it is executed once.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

import grpc

from asynctask_aio.cancellation import is_cancelled
from asynctask_core import limits
from asynctask_core.status import from_status


class NumberedAnswer(Protocol):
    """An answer of a command stream."""

    number: int


class NumberedRequest(Protocol):
    """A request of a command stream."""

    number: int

    def ByteSize(self) -> int:  # noqa: N802 - as in protobuf
        """Size of the encoded message, in bytes."""
        ...


RequestT = TypeVar("RequestT", bound=NumberedRequest)
AnswerT = TypeVar("AnswerT", bound=NumberedAnswer)


class Unanswered(Enum):
    """Why a command has no answer from the stream."""

    UNSENT = "it never left"
    UNCERTAIN = "it may have been carried out"


class CommandStream(Generic[RequestT, AnswerT]):
    """One stream, from its opening to its end. `run` must run while commands are sent."""

    def __init__(
        self,
        call: grpc.aio.StreamStreamCall[Any, Any],
        answer_type: type[AnswerT],
        *,
        kept_s: float,
        last_answers_s: float,
    ) -> None:
        """Send over `call` for half of `kept_s` or more, at random; then wait `last_answers_s` for the last answers."""
        self._call = call
        self._answer_type = answer_type
        self._kept_s = kept_s * (0.5 + 0.5 * random.random())
        self._last_answers_s = last_answers_s
        self._was_opened = False
        self._heard_at = 0.0
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._writing = asyncio.Lock()
        self.is_left = False
        """Whether it takes no further commands."""

    @property
    def is_open(self) -> bool:
        """Whether it takes commands."""
        return self._was_opened and not self.is_left

    @property
    def has_answered(self) -> bool:
        """Whether any answer came: a server of an earlier version ends the stream at once."""
        return self._heard_at > 0

    async def ask(self, request: RequestT, timeout: float) -> AnswerT | Unanswered:
        """Let the server execute a command. An answer without its field `answer` was too large for the stream.

        Raises:
            AsyncTaskError: the command failed with this error.
            TimeoutError: no answer came within `timeout` seconds.
        """
        if not self.is_open or request.ByteSize() > limits.STREAMED_COMMAND_BYTES:
            return Unanswered.UNSENT
        self._number += 1
        number = request.number = self._number
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        answered = self._waiting[number] = loop.create_future()
        try:
            async with asyncio.timeout(timeout):
                answer = await self._write(request) or await answered
        except TimeoutError:
            if self._heard_at < asked_at:
                self._call.cancel()  # the server hangs, or the connection is cut
            raise
        finally:
            del self._waiting[number]
        if not isinstance(answer, Unanswered) and answer.HasField("error"):
            raise from_status(answer.error)
        return answer

    async def run(self) -> grpc.RpcError | asyncio.InvalidStateError | None:
        """Receive answers until the stream has ended; returns the error that ended it, if one did."""
        try:
            async with asyncio.TaskGroup() as group:
                leaving = group.create_task(self._leave(self._kept_s))
                broken = await self._receive()
                leaving.cancel()
            return broken
        finally:
            self.is_left = True
            for answered in self._waiting.values():
                if not answered.done():
                    answered.set_result(Unanswered.UNCERTAIN)
            self._call.cancel()

    async def _receive(self) -> grpc.RpcError | asyncio.InvalidStateError | None:
        try:
            await self._call.initial_metadata()
            self._was_opened = True
            while isinstance(answer := await self._call.read(), self._answer_type):
                self._heard_at = asyncio.get_running_loop().time()
                answered = self._waiting.get(answer.number)
                if answered is not None and not answered.done():
                    answered.set_result(answer)
        except (grpc.RpcError, asyncio.InvalidStateError) as error:
            return error
        except asyncio.CancelledError:
            if not self._call.cancelled() or is_cancelled():
                raise
        return None

    async def _write(self, request: RequestT) -> Unanswered | None:
        """Send a command; returns why no answer can come, or None if one can."""
        async with self._writing:
            if self.is_left:
                return Unanswered.UNSENT
            try:
                await self._call.write(request)
            except asyncio.InvalidStateError:
                return Unanswered.UNSENT  # the stream had ended before
            except grpc.RpcError:
                return Unanswered.UNCERTAIN  # the stream ended meanwhile
            except asyncio.CancelledError:
                if not self._call.cancelled() or is_cancelled():
                    raise
                return Unanswered.UNCERTAIN
            return None

    async def _leave(self, after_s: float) -> None:
        """Send no more commands after a while; the server answers those that it got, and ends the stream."""
        await asyncio.sleep(after_s)
        self.is_left = True
        async with self._writing:
            with suppress(grpc.RpcError, asyncio.InvalidStateError):  # the stream has ended
                await self._call.done_writing()
        await asyncio.sleep(self._last_answers_s)
        self._call.cancel()  # the server has not ended it
