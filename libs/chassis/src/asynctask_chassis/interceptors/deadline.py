"""Bounds the time of every unary handler, so that a store that hangs does not keep calls for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import grpc

from asynctask_chassis.interceptors.wrapping import Context, StreamHandler, UnaryHandler, WrappingInterceptor

DEFAULT_DEADLINE = timedelta(seconds=30)


class DeadlineInterceptor(WrappingInterceptor):
    """Ends a handler at the caller's deadline, or at the longest one allowed here, whichever is earlier.

    gRPC itself cancels a handler at its caller's deadline, even if the connection is cut. This interceptor is for
    callers without a deadline, or with one too far away. Handlers that answer a stream may stay open: keepalive and
    drain bound them.
    """

    def __init__(
        self, longest: timedelta = DEFAULT_DEADLINE, longest_by_method: Mapping[str, timedelta] | None = None
    ) -> None:
        """Bound by `longest`; `longest_by_method` has other bounds by full method name (`/package.Service/Method`)."""
        super().__init__()
        self._longest = longest
        self._longest_by_method = longest_by_method or {}

    def wrap_unary(self, method: str, handler: UnaryHandler) -> UnaryHandler:
        """Bound `handler`."""
        longest = self._longest_by_method.get(method, self._longest).total_seconds()

        async def bound(request: Any, context: Context) -> Any:
            remaining = cast(float | None, context.time_remaining())  # the stubs forget None
            if remaining is not None and remaining <= longest:
                return await handler(request, context)
            timeout = asyncio.timeout(longest)
            try:
                async with timeout:
                    return await handler(request, context)
            except TimeoutError:
                if not timeout.expired():
                    raise
                message = f"not finished within {longest:g} s; the outcome is unknown"
                await context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, message)

        return bound

    def wrap_stream(self, method: str, handler: StreamHandler) -> StreamHandler:
        """Return `handler`: streams are not bounded here."""
        return handler
