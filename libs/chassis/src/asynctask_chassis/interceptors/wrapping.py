"""The base of our server interceptors: wraps a handler once per method, and then takes it from a table."""

from __future__ import annotations

import asyncio
import inspect
import time
from abc import abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from asynctask_chassis import patience
from asynctask_chassis.arrivals import RequestLate, RequestReader, TimelyRequests
from asynctask_chassis.patience import PatientWriter, StreamUnread
from asynctask_core.errors import AsyncTaskError, InvalidInput

Context = grpc.aio.ServicerContext[Any, Any]
UnaryHandler = Callable[[Any, Context], Awaitable[Any]]
"""Answers one message; its first argument is the request, or the iterator of requests."""
StreamHandler = Callable[[Any, Context], AsyncIterator[Any]]
"""Yields messages; its first argument is the request, or the iterator of requests."""


_STREAM_UNARY: Any = grpc.stream_unary_rpc_method_handler
_STREAM_STREAM: Any = grpc.stream_stream_rpc_method_handler


@dataclass(frozen=True, slots=True)
class Unsent:
    """Replaces a request that did not come or cannot be read; its handler answers with this error."""

    error: AsyncTaskError


class WrappingInterceptor(grpc.aio.ServerInterceptor):
    """Wraps every handler that answers one message in `wrap_unary`, every other in `wrap_stream`.

    Unknown methods are not kept, so the table has at most one entry per method. Handlers that are not coroutines (gRPC
    runs them in a thread) are not wrapped; we have none.
    """

    def __init__(self) -> None:
        self._wrapped: dict[str, grpc.RpcMethodHandler[Any, Any]] = {}
        self._answering: dict[asyncio.Task[Any], tuple[float, Context]] = {}
        """Calls whose answer was passed to gRPC, by the task that waits until the peer has room for it."""
        self._reader = RequestReader()

    @abstractmethod
    def wrap_unary(self, method: str, handler: UnaryHandler) -> UnaryHandler:
        """Give the handler that is called instead."""

    @abstractmethod
    def wrap_stream(self, method: str, handler: StreamHandler) -> StreamHandler:
        """Give the handler that is called instead."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Return the method's wrapped handler. gRPC calls this for every call, so a known method costs one look-up."""
        method = handler_call_details.method
        wrapped = self._wrapped.get(method)
        if wrapped is None:
            handler = await continuation(handler_call_details)
            if handler is None:  # unknown: gRPC answers UNIMPLEMENTED
                return None
            wrapped = self._wrapped[method] = self._wrap(method, handler)
        return wrapped

    def unread_answers(self) -> list[str]:
        """Peers that have not read some answer for UNREAD_S, as gRPC names them."""
        oldest = time.monotonic() - patience.UNREAD_S
        return [context.peer() for since, context in self._answering.values() if since <= oldest]

    def end_late_requests(self) -> int:
        """End the calls whose first message is late; returns how many."""
        return self._reader.end_late()

    async def give_up(self, method: str, context: Context, error: StreamUnread) -> None:
        """End a stream whose peer does not read, with this error if it can still be sent; cancelled after GIVE_UP_S."""
        raise error

    async def _give_up_in_time(self, method: str, context: Context, error: StreamUnread) -> None:
        timeout = asyncio.timeout(patience.GIVE_UP_S)
        try:
            async with timeout:
                await self.give_up(method, context, error)
        except TimeoutError:
            if not timeout.expired():
                raise
            # gRPC has the status, and sends it if the peer still reads. It would log any other exception.
            raise asyncio.CancelledError from None

    def _written(self, method: str, handler: StreamHandler) -> Callable[[Any, Context], Awaitable[None]]:
        """Write the messages that `handler` yields, so that no write waits for ever."""

        async def write(request: Any, context: Context) -> None:
            messages = handler(request, context)
            try:
                async with PatientWriter[Any](context.write) as writer:
                    async for message in messages:
                        await writer.write(message)
            except StreamUnread as error:
                await _close(messages)
                await self._give_up_in_time(method, context, error)
            finally:
                await _close(messages)

        return write

    def _answered(self, handler: UnaryHandler) -> UnaryHandler:
        """Note when gRPC gets the answer: the task of the call ends once the peer has room for it."""
        answering = self._answering

        async def answer(request: Any, context: Context) -> Any:
            reply = await handler(request, context)
            task = asyncio.current_task()
            if task is not None:
                answering[task] = (time.monotonic(), context)
                task.add_done_callback(answering.pop)
            return reply

        return answer

    def _read(
        self,
        handler: Callable[[Any, Context], Awaitable[Any]],
        refuse: Callable[[Any, Context], Awaitable[Any]],
    ) -> Callable[[Any, Context], Awaitable[Any]]:
        """Read the single request, then call `handler`; `refuse` answers a call without a request.

        gRPC would read the request itself, before any of our code runs, and wait as long as the connection lives. So
        these methods are registered as methods with a stream of requests, which is the same on the wire.
        """
        first = self._reader.first

        async def read(_: Any, context: Context) -> Any:
            try:
                request = await first(context.read())
            except (RequestLate, InvalidInput) as error:
                return await refuse(Unsent(error), context)
            if request is grpc.aio.EOF:
                return await refuse(Unsent(InvalidInput("the call came without a request")), context)
            return await handler(request, context)

        return read

    def _timely(
        self, handler: Callable[[Any, Context], Awaitable[Any]]
    ) -> Callable[[Any, Context], Awaitable[Any]]:
        """Bound the wait for the first request of a stream."""
        reader = self._reader

        async def begin(requests: Any, context: Context) -> Any:
            return await handler(TimelyRequests(requests, reader), context)

        return begin

    def _wrap(self, method: str, handler: grpc.RpcMethodHandler[Any, Any]) -> grpc.RpcMethodHandler[Any, Any]:
        codecs = {
            "request_deserializer": _decoder(handler.request_deserializer),
            "response_serializer": handler.response_serializer,
        }
        parts: Any = handler
        if handler.request_streaming:
            behaviour = parts.stream_stream if handler.response_streaming else parts.stream_unary
        else:
            behaviour = parts.unary_stream if handler.response_streaming else parts.unary_unary
        if handler.response_streaming:
            if not (inspect.isasyncgenfunction(behaviour) or inspect.iscoroutinefunction(behaviour)):
                return handler
            written = self._written(method, self.wrap_stream(method, _as_generator(behaviour)))
            if handler.request_streaming:
                return _STREAM_STREAM(self._timely(written), **codecs)
            refused = self._written(method, self.wrap_stream(method, _as_generator(_refuse)))
            return _STREAM_STREAM(self._read(written, refused), **codecs)
        if not inspect.iscoroutinefunction(behaviour):
            return handler
        answered = self._answered(self.wrap_unary(method, behaviour))
        if handler.request_streaming:
            return _STREAM_UNARY(self._timely(answered), **codecs)
        return _STREAM_UNARY(self._read(answered, self.wrap_unary(method, _refuse)), **codecs)


class InterceptorStack(WrappingInterceptor):
    """Several interceptors as one, the first outermost: gRPC spends time per interceptor in each call."""

    def __init__(self, *layers: WrappingInterceptor) -> None:
        super().__init__()
        self._layers = layers

    async def give_up(self, method: str, context: Context, error: StreamUnread) -> None:
        """Call `give_up` of the layers, outermost first; the first one that raises ends the stream."""
        for layer in self._layers:
            await layer.give_up(method, context, error)

    def wrap_unary(self, method: str, handler: UnaryHandler) -> UnaryHandler:
        """Wrap in every layer."""
        for layer in reversed(self._layers):
            handler = layer.wrap_unary(method, handler)
        return handler

    def wrap_stream(self, method: str, handler: StreamHandler) -> StreamHandler:
        """Wrap in every layer."""
        for layer in reversed(self._layers):
            handler = layer.wrap_stream(method, handler)
        return handler


async def _refuse(request: Any, context: Context) -> None:
    """Answer a call that sent no request."""
    raise request.error


async def _close(messages: AsyncIterator[Any]) -> None:
    """Close a generator where it is suspended, so that it releases what it holds for its peer."""
    if isinstance(messages, AsyncGenerator):
        await messages.aclose()


def _decoder(deserialize: Callable[[bytes], Any] | None) -> Callable[[bytes], Any] | None:
    """Raise InvalidInput for a request that cannot be decoded, so that `errors` answers it."""
    if deserialize is None:
        return None

    def decode(data: bytes) -> Any:
        try:
            return deserialize(data)
        except DecodeError as error:
            raise InvalidInput(f"the request cannot be read as what this method takes: {error}") from None

    return decode


def _as_generator(behaviour: Callable[[Any, Context], Any]) -> StreamHandler:
    """Turn either form of a streaming handler (`yield`, or `await context.write(…)`) into a generator."""
    if inspect.isasyncgenfunction(behaviour):
        return behaviour

    async def generate(request: Any, context: Context) -> AsyncIterator[Any]:
        await behaviour(request, context)
        return
        yield

    return generate
