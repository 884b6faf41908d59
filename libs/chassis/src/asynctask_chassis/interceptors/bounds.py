"""Checks every request by the table of bounds before its handler sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Any

from google.protobuf.message import Message

from asynctask_chassis.interceptors.wrapping import (
    Context,
    StreamHandler,
    UnaryHandler,
    Undecodable,
    Unsent,
    WrappingInterceptor,
)
from asynctask_core.bounds.checker import check_message
from asynctask_core.bounds.table import HOT
from asynctask_core.errors import InvalidInput

OURS = "/asynctask."


class BoundsInterceptor(WrappingInterceptor):
    """Refuses what is over a bound with INVALID_INPUT, and so what is no message of the method at all.

    The requests of hot methods are checked where they are decoded, see `asynctask_core.bounds.table.HOT`; so are
    streams of requests, message by message. Health and reflection are gRPC's own.
    """

    def wrap_unary(self, method: str, handler: UnaryHandler) -> UnaryHandler:
        """Check before `handler` runs."""
        if not method.startswith(OURS):
            return handler
        is_hot = method in HOT

        # No coroutine of its own: what it raises is raised where the handler is called.
        def checked(request: Any, context: Context) -> Awaitable[Any]:
            return handler(_checked(request, is_hot=is_hot), context)

        return checked

    def wrap_stream(self, method: str, handler: StreamHandler) -> StreamHandler:
        """Check before `handler` yields."""
        if not method.startswith(OURS):
            return handler
        is_hot = method in HOT

        def checked(request: Any, context: Context) -> AsyncIterator[Any]:
            return handler(_checked(request, is_hot=is_hot), context)

        return checked


def _checked(request: Any, *, is_hot: bool) -> Any:
    if isinstance(request, Message):
        if not is_hot:
            check_message(request)
        return request
    if isinstance(request, Undecodable):
        raise undecodable(request)
    if isinstance(request, Unsent):
        return request
    return _Decoded(request)


class _Decoded:
    """A stream of requests, ended by one that cannot be read."""

    def __init__(self, requests: AsyncIterator[Any]) -> None:
        self._requests = aiter(requests)

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        request = await anext(self._requests)
        if isinstance(request, Undecodable):
            raise undecodable(request)
        return request


def undecodable(request: Undecodable) -> InvalidInput:
    """The error of a request that is no message of its method."""
    return InvalidInput(f"the request cannot be read as what this method takes: {request.why}")
