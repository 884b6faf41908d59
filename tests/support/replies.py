"""A gRPC proxy that eats replies: the call is done, but its caller never learns it.

It carries raw messages, so it knows no service, except that two streams carry many calls: those count by the name that
each has as a call of its own. An eaten reply is read to its end from the target, then the caller gets
UNAVAILABLE: the hardest case for "was it done?".
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import grpc

from asynctask_protos.registry.v1.ledger_service_pb2 import ConverseRequest, ConverseResponse
from asynctask_protos.scheduler.v1.task_service_pb2 import StreamSubmitsRequest, StreamSubmitsResponse

# What gRPC itself writes; a caller's copy would stand twice in the request.
_OWN_KEYS = ("grpc-", "user-agent", "content-type", "te", ":", "host")
_CONVERSATIONS: dict[str, tuple[Any, Any]] = {
    "Converse": (ConverseRequest, ConverseResponse),
    "StreamSubmits": (StreamSubmitsRequest, StreamSubmitsResponse),
}
_CALLS = {
    "create": "CreateTasks",
    "start": "StartAttempts",
    "record": "RecordEvents",
    "submit": "BatchSubmitTasks",
}
_OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class ReplyEater(grpc.GenericRpcHandler):
    """Stands between a gRPC client and `target`; streams pass through, replies of chosen methods may be eaten."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.calls: Counter[str] = Counter()
        """Calls that reached the target and were answered, by method (`CreateTasks`)."""
        self.eaten: Counter[str] = Counter()
        self._appetite: Counter[str] = Counter()
        self._server: grpc.aio.Server | None = None
        self._channel: grpc.aio.Channel | None = None
        self._port = 0

    @property
    def address(self) -> str:
        """Where clients connect instead of to the target."""
        return f"127.0.0.1:{self._port}"

    def eat(self, method: str, times: int = 1) -> None:
        """Eat the next replies of a method, named without its service: `eat("CreateTasks")`."""
        self._appetite[method] += times

    async def __aenter__(self) -> Self:
        self._channel = grpc.aio.insecure_channel(
            self.target, options=[*_OPTIONS, ("grpc.enable_retries", 0)]
        )
        self._server = grpc.aio.server(options=_OPTIONS)
        self._server.add_generic_rpc_handlers((self,))
        self._port = self._server.add_insecure_port("127.0.0.1:0")
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        assert self._channel is not None
        await self._server.stop(None)
        await self._channel.close()

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """Serve every method, as a stream in both directions: on the wire a unary call is one of one message."""
        path = handler_call_details.method
        metadata = tuple(
            (key, value)
            for key, value in handler_call_details.invocation_metadata
            if not key.startswith(_OWN_KEYS)
        )

        async def forward(requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
            async for reply in self._forward(path, metadata, requests, context):
                yield reply

        return grpc.stream_stream_rpc_method_handler(forward)

    async def _forward(
        self, path: str, metadata: Any, requests: AsyncIterator[bytes], context: Any
    ) -> AsyncIterator[bytes]:
        assert self._channel is not None
        method = path.rpartition("/")[2]
        said: dict[int, str] = {}
        request_type, response_type = _CONVERSATIONS.get(method, (None, None))
        if request_type is not None:
            requests = _overheard(requests, request_type, said)
        call = self._channel.stream_stream(path)(
            requests, metadata=metadata, timeout=context.time_remaining()
        )
        eats = self._appetite[method] > 0
        if eats:
            self._appetite[method] -= 1
        try:
            if response_type is not None:
                await call.initial_metadata()
                await context.send_initial_metadata(())
            async for reply in call:
                if response_type is not None:
                    await self._let_pass(said.pop(response_type.FromString(reply).number), context)
                if not eats:
                    yield reply
            code, details = await call.code(), await call.details()
            trailers = await call.trailing_metadata()
        except grpc.aio.AioRpcError as error:
            code, details, trailers = error.code(), error.details(), error.trailing_metadata()
        except asyncio.CancelledError:
            call.cancel()
            raise
        self.calls[method] += 1
        if eats:
            self.eaten[method] += 1
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the reply was lost on the way")
        trailing = tuple((key, value) for key, value in trailers or ())
        if code is not grpc.StatusCode.OK:
            await context.abort(code, details or "", trailing)
        context.set_trailing_metadata(trailing)

    async def _let_pass(self, method: str, context: Any) -> None:
        """Break the conversation off instead, when this answer is to be eaten."""
        self.calls[method] += 1
        if self._appetite[method] > 0:
            self._appetite[method] -= 1
            self.eaten[method] += 1
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the reply was lost on the way")


async def _overheard(
    requests: AsyncIterator[bytes], request_type: Any, said: dict[int, str]
) -> AsyncIterator[bytes]:
    """Pass the commands of a conversation on, and remember the call that each stands for."""
    async for request in requests:
        command = request_type.FromString(request)
        said[command.number] = _CALLS[command.WhichOneof("command") or ""]
        yield request
