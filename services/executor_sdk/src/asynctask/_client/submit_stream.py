"""Submits over a stream, for a client that submits again and again: most of the time of a small call is overhead.

The stream only saves time: a submit that cannot go over it goes in a call of its own. A submit without an answer when
the stream breaks fails like a call whose connection broke: it may have arrived, and is repeated with its request id.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from asynctask._supervision import supervised
from asynctask.errors import OutcomeUnknown, Unreachable
from asynctask_core import limits
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

if TYPE_CHECKING:
    from asynctask_aio.command_stream import CommandStream

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


@dataclass(frozen=True, slots=True, eq=False)
class _OpenStream:
    """A stream to the scheduler at `address`, and the asyncio task that receives its answers."""

    address: str
    stream: CommandStream[pb.StreamSubmitsRequest, pb.StreamSubmitsResponse]
    receiving: asyncio.Task[Any]


class SubmitStreams:
    """Sends small batches over a stream to the current scheduler, once the stream is open."""

    def __init__(self) -> None:
        self._opened: set[_OpenStream] = set()
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
        if len(request.tasks) > FEW or request.ByteSize() > limits.STREAMED_COMMAND_BYTES:
            return None
        for opened in self._opened:
            if opened.address == address and not opened.stream.is_left:
                return await _ask(opened, request, timeout)
        if is_again and now >= self._not_before:
            self._open(stub, address)
        return None

    def _open(self, stub: Any, address: str) -> None:
        from asynctask_aio.command_stream import CommandStream  # loads gRPC, see `_grpc`

        stream = CommandStream[pb.StreamSubmitsRequest, pb.StreamSubmitsResponse](
            stub.StreamSubmits(), pb.StreamSubmitsResponse, kept_s=KEPT_S, last_answers_s=LAST_ANSWERS_S
        )
        receiving = supervised(asyncio.create_task(stream.run()), "a stream of submits")
        opened = _OpenStream(address, stream, receiving)
        self._opened.add(opened)
        receiving.add_done_callback(lambda _: self._ended(opened))

    def _ended(self, opened: _OpenStream) -> None:
        self._opened.discard(opened)
        if not opened.stream.has_answered:
            self._not_before = asyncio.get_running_loop().time() + PAUSE_S

    async def close(self) -> None:
        """End every stream; `ask` is not called any more."""
        receiving = [opened.receiving for opened in self._opened]
        for task in receiving:
            task.cancel()
        await asyncio.gather(*receiving, return_exceptions=True)


async def _ask(
    opened: _OpenStream, request: pb.BatchSubmitTasksRequest, timeout: float
) -> pb.BatchSubmitTasksResponse | None:
    from asynctask_aio.command_stream import Unanswered

    try:
        answer = await opened.stream.ask(pb.StreamSubmitsRequest(submit=request), timeout)
    except TimeoutError:
        raise OutcomeUnknown(f"the scheduler did not answer within {timeout:g} s") from None
    if answer is Unanswered.UNCERTAIN:
        raise Unreachable(f"the stream to the scheduler at {opened.address} broke before the answer")
    if isinstance(answer, Unanswered) or not answer.HasField("submitted"):
        return None
    return answer.submitted
