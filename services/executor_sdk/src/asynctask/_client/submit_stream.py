"""Submits over a stream, for a client that submits again and again: most of the time of a small call is overhead.

The stream only saves time: a submit that cannot go over it goes in a call of its own. A submit without an answer when
the stream breaks fails like a call whose connection broke: it may have arrived, and is repeated with its request id.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from asynctask._channel import is_cancelled
from asynctask._grpc import grpc
from asynctask._supervision import supervised
from asynctask.errors import OutcomeUnknown, Unreachable
from asynctask_core.status import from_status
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

if TYPE_CHECKING:
    Call: TypeAlias = grpc.aio.StreamStreamCall[pb.StreamSubmitsRequest, pb.StreamSubmitsResponse]

AGAIN_WITHIN_S: Final = 10.0
"""A client that submits again within this time gets a stream."""
KEPT_S: Final = 60.0
"""Longest life of a stream, so that clients spread over schedulers, and idle clients hold no stream."""
PAUSE_S: Final = 10.0
"""Pause after a stream without any answer: a scheduler of an earlier release ends it at once."""
LAST_ANSWERS_S: Final = 30.0
"""Time for the last answers of a stream that is given up: as long as any call may take."""
FEW: Final = 16
"""Most tasks in one request over the stream; for more, the cost of a call of their own does not matter."""
LARGEST_BYTES: Final = 1 << 16


class SubmitStreams:
    """Sends small batches over a stream to the current scheduler, once the stream is open."""

    def __init__(self) -> None:
        self._streams: set[_Stream] = set()
        self._asked_at = -AGAIN_WITHIN_S
        self._not_before = 0.0

    async def ask(
        self, stub: Any, address: str, request: pb.BatchSubmitTasksRequest, timeout: float
    ) -> pb.BatchSubmitTasksResponse | None:
        """Submit tasks. Returns None if they must go in a call of their own.

        Raises:
            AsyncTaskError: the error that a call would have raised; OutcomeUnknown after `timeout` seconds, Unreachable
                when the stream broke after the tasks were sent.
        """
        now = asyncio.get_running_loop().time()
        is_again = now - self._asked_at < AGAIN_WITHIN_S
        self._asked_at = now
        if len(request.tasks) > FEW or request.ByteSize() > LARGEST_BYTES:
            return None
        for stream in self._streams:
            if stream.address == address and not stream.is_left:
                return await stream.ask(request, timeout)
        if is_again and now >= self._not_before:
            stream = _Stream(stub, address)
            self._streams.add(stream)
            stream.running.add_done_callback(lambda _: self._ended(stream))
        return None

    def _ended(self, stream: _Stream) -> None:
        self._streams.discard(stream)
        if not stream.has_answered:
            self._not_before = asyncio.get_running_loop().time() + PAUSE_S

    async def close(self) -> None:
        """End every stream; `ask` is not called any more."""
        running = [stream.running for stream in self._streams]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


class _Stream:
    """One stream to the scheduler at `address`, from its opening to its end."""

    def __init__(self, stub: Any, address: str) -> None:
        self.address = address
        self.is_left = False
        self.was_open = False
        self._call: Call = stub.StreamSubmits()
        self._heard_at = 0.0
        self._number = 0
        self._waiting: dict[int, asyncio.Future[pb.StreamSubmitsResponse | None]] = {}
        self._writing = asyncio.Lock()
        self.running = supervised(asyncio.create_task(self._run()), "a stream of submits")

    @property
    def has_answered(self) -> bool:
        return self._heard_at > 0

    async def ask(
        self, request: pb.BatchSubmitTasksRequest, timeout: float
    ) -> pb.BatchSubmitTasksResponse | None:
        if not self.was_open:
            return None
        self._number += 1
        number = self._number
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        answered = self._waiting[number] = loop.create_future()
        try:
            async with asyncio.timeout(timeout):
                if not await self._write(pb.StreamSubmitsRequest(number=number, submit=request)):
                    return None
                answer = await answered
        except TimeoutError:
            if self._heard_at < asked_at:
                self._call.cancel()  # a scheduler that hangs, or a cut connection
            raise OutcomeUnknown(f"the scheduler did not answer within {timeout:g} s") from None
        finally:
            del self._waiting[number]
        if answer is None:
            raise self._broken()
        if answer.HasField("error"):
            raise from_status(answer.error)
        return answer.submitted if answer.HasField("submitted") else None

    def _broken(self) -> Unreachable:
        return Unreachable(f"the stream to the scheduler at {self.address} broke before the answer")

    async def _write(self, request: pb.StreamSubmitsRequest) -> bool:
        """Send tasks; False when they were certainly not sent."""
        async with self._writing:
            if self.is_left:
                return False
            try:
                await self._call.write(request)
            except asyncio.InvalidStateError:
                return False  # it had ended before
            except grpc.RpcError:
                raise self._broken() from None
            except asyncio.CancelledError:
                if is_cancelled():
                    raise
                raise self._broken() from None
            return True

    async def _run(self) -> None:
        leaving = supervised(
            asyncio.create_task(self._leave(KEPT_S * (0.5 + 0.5 * random.random()))), "the end of a stream"
        )
        try:
            await self._call.initial_metadata()
            self.was_open = True
            while isinstance(answer := await self._call.read(), pb.StreamSubmitsResponse):
                self._heard_at = asyncio.get_running_loop().time()
                answered = self._waiting.get(answer.number)
                if answered is not None and not answered.done():
                    answered.set_result(answer)
        except (grpc.RpcError, asyncio.InvalidStateError):
            pass  # it has ended
        except asyncio.CancelledError:
            if is_cancelled():
                raise
        finally:
            self.is_left = True
            leaving.cancel()
            for answered in self._waiting.values():
                if not answered.done():
                    answered.set_result(None)
            self._call.cancel()

    async def _leave(self, after_s: float) -> None:
        """After `after_s`, send no more over this stream; the scheduler answers what it got, and ends the stream."""
        await asyncio.sleep(after_s)
        self.is_left = True
        async with self._writing:
            with suppress(grpc.RpcError, asyncio.InvalidStateError):  # it has ended
                await self._call.done_writing()
        await asyncio.sleep(LAST_ANSWERS_S)
        self._call.cancel()  # the scheduler did not end it
