"""Counts and times every call, and puts the caller's W3C trace context into the logs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
import structlog

from asynctask_chassis.interceptors.wrapping import Context, StreamHandler, UnaryHandler, WrappingInterceptor
from asynctask_chassis.logs import get_logger
from asynctask_chassis.metrics import RpcMetrics
from asynctask_chassis.patience import StreamUnread

log = get_logger(__name__)

TRACE_KEY = "traceparent"


def trace_metadata() -> tuple[tuple[str, str], ...]:
    """Return metadata with the current call's trace context; empty when there is none.

    Not for calls that carry items of many callers: a batch belongs to no single trace.
    """
    trace = structlog.contextvars.get_contextvars().get(TRACE_KEY)
    return ((TRACE_KEY, trace),) if trace else ()


class TelemetryInterceptor(WrappingInterceptor):
    """Must be the outermost interceptor: it sees the code that the caller gets."""

    def __init__(self, metrics: RpcMetrics) -> None:
        super().__init__()
        self._metrics = metrics

    def wrap_unary(self, method: str, handler: UnaryHandler) -> UnaryHandler:
        """Count by code, and time."""
        count = self._counter(method)
        observe = self._metrics.seconds.labels(method).observe

        async def measure(request: Any, context: Context) -> Any:
            _bind_trace(context)
            started = time.perf_counter()
            code = grpc.StatusCode.UNKNOWN.value[0]
            try:
                reply = await handler(request, context)
                code = _code(context)
                return reply
            except asyncio.CancelledError:
                code = grpc.StatusCode.CANCELLED.value[0]
                raise
            except grpc.aio.AbortError:
                code = _code(context)
                raise
            finally:
                observe(time.perf_counter() - started)
                count(code)

        return measure

    def wrap_stream(self, method: str, handler: StreamHandler) -> StreamHandler:
        """Count by code, and count open streams."""
        count = self._counter(method)
        open_streams = self._metrics.open_streams.labels(method)

        async def measure(request: Any, context: Context) -> AsyncIterator[Any]:
            _bind_trace(context)
            open_streams.inc()
            code = grpc.StatusCode.UNKNOWN.value[0]
            try:
                async for message in handler(request, context):
                    yield message
                code = _code(context)
            except (asyncio.CancelledError, GeneratorExit):
                code = grpc.StatusCode.CANCELLED.value[0]
                raise
            except grpc.aio.AbortError:
                code = _code(context)
                raise
            finally:
                open_streams.dec()
                count(code)

        return measure

    async def give_up(self, method: str, context: Context, error: StreamUnread) -> None:
        """Count and log it."""
        self._metrics.unread_streams.labels(method).inc()
        log.warning("stream.not_read", method=method, peer=context.peer())

    def _counter(self, method: str) -> Callable[[int], None]:
        """Return a counter by code. It caches the metric's children: finding one by its labels takes a lock."""
        children: dict[int, Callable[[], None]] = {}
        names = {code.value[0]: code.name for code in grpc.StatusCode}

        def count(code: int) -> None:
            increment = children.get(code)
            if increment is None:
                increment = children[code] = self._metrics.handled.labels(
                    method, names.get(code, "UNKNOWN")
                ).inc
            increment()

        return count


def _bind_trace(context: Context) -> None:
    # Every call is its own task, so the binding ends with the call.
    for key, value in context.invocation_metadata() or ():
        if key == TRACE_KEY:
            structlog.contextvars.bind_contextvars(**{TRACE_KEY: value})
            return


def _code(context: Context) -> int:
    code: Any = context.code()
    if isinstance(code, grpc.StatusCode):
        return code.value[0]
    return int(code or 0)
