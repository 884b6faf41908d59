"""Checks every request against the table of bounds before its handler runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Any

from google.protobuf.message import Message

from asynctask_chassis.interceptors.wrapping import Context, StreamHandler, UnaryHandler, WrappingInterceptor
from asynctask_core.bounds.checker import check_message
from asynctask_core.bounds.table import HOT

OURS = "/asynctask."


class BoundsInterceptor(WrappingInterceptor):
    """Refuses requests that exceed a bound with INVALID_INPUT.

    The requests of hot methods are checked where they are decoded, see `asynctask_core.bounds.table.HOT`; so are
    streams of requests, message by message. Health and reflection are gRPC's own.
    """

    def wrap_unary(self, method: str, handler: UnaryHandler) -> UnaryHandler:
        """Check before `handler` runs."""
        if not _is_checked(method):
            return handler

        # Not a coroutine, to save its cost: an error is raised where the handler is called.
        def checked(request: Any, context: Context) -> Awaitable[Any]:
            _check(request)
            return handler(request, context)

        return checked

    def wrap_stream(self, method: str, handler: StreamHandler) -> StreamHandler:
        """Check before `handler` yields."""
        if not _is_checked(method):
            return handler

        def checked(request: Any, context: Context) -> AsyncIterator[Any]:
            _check(request)
            return handler(request, context)

        return checked


def _is_checked(method: str) -> bool:
    return method.startswith(OURS) and method not in HOT


def _check(request: Any) -> None:
    if isinstance(request, Message):
        check_message(request)
