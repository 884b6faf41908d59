"""Unary calls of running handlers: repeated while the scheduler is away, until the attempt has ended."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar

import grpc

from asynctask._channel import call_error
from asynctask._executor.session import SessionStream
from asynctask.errors import StoreUnavailable, TryAgain
from asynctask_aio.cancellation import is_cancelled
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb

if TYPE_CHECKING:
    from asynctask_protos.scheduler.v1.executor_service_pb2_grpc import ExecutorServiceAsyncStub

R = TypeVar("R")

TIMEOUT_S: Final = 10.0
"""Deadline of one try: twice the registry's."""
AGAIN_S: Final = (0.1, 2.0)
"""First and longest pause before the next try."""


class HandlerCalls:
    """The manifest and log calls of the executor's current scheduler."""

    def __init__(self, session: SessionStream) -> None:
        self._session = session

    async def append_manifest(self, request: pb.AppendManifestRequest) -> pb.AppendManifestResponse:
        """Store a chunk; repeated until it is answered; its number makes that safe."""
        return await self._repeat(lambda stub: stub.AppendManifest(request, timeout=TIMEOUT_S))

    async def read_manifest(self, request: pb.ReadManifestRequest) -> pb.ReadManifestResponse:
        """Read a page; repeated until it is answered."""
        return await self._repeat(lambda stub: stub.ReadManifest(request, timeout=TIMEOUT_S))

    async def append_logs(self, request: pb.AppendLogsRequest) -> None:
        """Store lines, with one try: the log shipper repeats it by itself."""
        await self._once(lambda stub: stub.AppendLogs(request, timeout=TIMEOUT_S))

    async def _repeat(self, call: "Callable[[ExecutorServiceAsyncStub], Awaitable[R]]") -> R:
        first, longest = AGAIN_S
        tries = 0
        while True:
            try:
                return await self._once(call)
            except TryAgain as error:
                ceiling = max(min(longest, first * 2**tries), (error.retry_after_ms or 0) / 1000)
                tries = min(tries + 1, 10)
                await asyncio.sleep(random.uniform(ceiling / 2, ceiling))

    async def _once(self, call: "Callable[[ExecutorServiceAsyncStub], Awaitable[R]]") -> R:
        stub = self._session.stub
        if stub is None:
            raise StoreUnavailable("no scheduler is connected")
        try:
            return await call(stub)
        except grpc.RpcError as error:
            raise call_error(error, self._session.address) from error
        except asyncio.CancelledError:
            if stub is not self._session.stub and not is_cancelled():
                # The channel was closed during the call: the session looks for another scheduler.
                raise StoreUnavailable("the connection to the scheduler was closed") from None
            raise
