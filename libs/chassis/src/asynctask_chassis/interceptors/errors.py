"""Turns exceptions of handlers into rich statuses: an SDK user catches the error that the service raises."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from typing import Any, NoReturn

import grpc
from google.rpc import error_details_pb2, status_pb2

from asynctask_chassis.interceptors.wrapping import Context, StreamHandler, UnaryHandler, WrappingInterceptor
from asynctask_chassis.logs import get_logger
from asynctask_chassis.patience import StreamUnread
from asynctask_chassis.supervision import strays_fail
from asynctask_core.errors import AsyncTaskError, InternalError
from asynctask_core.status import STATUS_KEY, to_status

log = get_logger(__name__)

# A status is sent in the trailers, which clients refuse above 8 KiB by default. They have the message twice (once in
# the status), and the details in base64.
MESSAGE_CHARACTERS = 800
DETAILS_BYTES = 4_000

_CODES = {code.value[0]: code for code in grpc.StatusCode}


class ErrorsInterceptor(WrappingInterceptor):
    """Answers errors of the catalogue with their `google.rpc.Status`; any other exception with INTERNAL and a log id.

    For an unknown error the caller gets the id, and the log has the traceback; neither payload nor traceback leaves the
    service. The cancellation of a callee is such an error: if a handler ended cancelled, gRPC would send the caller no
    status, and leave the call open.
    """

    def wrap_unary(self, method: str, handler: UnaryHandler) -> UnaryHandler:
        """Translate what `handler` raises."""

        async def translate(request: Any, context: Context) -> Any:
            try:
                with strays_fail():
                    return await handler(request, context)
            except grpc.aio.AbortError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a status
                await _abort(method, context, error)

        return translate

    def wrap_stream(self, method: str, handler: StreamHandler) -> StreamHandler:
        """Translate what `handler` raises, also after it has answered messages."""

        async def translate(request: Any, context: Context) -> AsyncIterator[Any]:
            try:
                with strays_fail():
                    async for message in handler(request, context):
                        yield message
            except grpc.aio.AbortError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a status
                await _abort(method, context, error)

        return translate

    async def give_up(self, method: str, context: Context, error: StreamUnread) -> None:
        """Set the status, for a peer that still begins to read."""
        await _abort(method, context, error)


async def _abort(method: str, context: Context, error: Exception) -> NoReturn:
    status = status_of(method, context.peer(), error)
    await context.abort(_CODES[status.code], status.message, ((STATUS_KEY, status.SerializeToString()),))


def status_of(method: str, peer: str, error: Exception) -> status_pb2.Status:
    """Return the status that the caller gets for an exception; logs an unknown one."""
    if not isinstance(error, AsyncTaskError):
        log_id = secrets.token_hex(6)
        reason = type(error).__name__
        log.error("rpc.failed", method=method, log_id=log_id, peer=peer, reason=reason, exc_info=error)
        error = InternalError(f"an unexpected error; the service's log has it under {log_id}")
    return _fitted(to_status(error))


def _fitted(status: status_pb2.Status) -> status_pb2.Status:
    """Cut a long message, and the last of many violations, so that clients do not refuse the trailers."""
    if len(status.message) > MESSAGE_CHARACTERS:
        status.message = status.message[:MESSAGE_CHARACTERS] + " …"
    violations = error_details_pb2.BadRequest()
    for detail in status.details:
        if status.ByteSize() > DETAILS_BYTES and detail.Unpack(violations):
            excess, kept = status.ByteSize() - DETAILS_BYTES, len(violations.field_violations)
            while kept > 1 and excess > 0:
                kept -= 1
                excess -= violations.field_violations[kept].ByteSize()
            del violations.field_violations[kept:]
            detail.Pack(violations)
    return status
