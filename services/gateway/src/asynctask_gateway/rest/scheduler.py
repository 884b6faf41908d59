"""Calls of the scheduler: any method of the contracts, with the caller's name and the request id in its metadata."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Final

import grpc
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from asynctask_chassis.interceptors.telemetry import trace_metadata
from asynctask_core.errors import AsyncTaskError, InternalError, OutcomeUnknown, StoreUnavailable, Unreachable
from asynctask_core.status import carries_status, from_rpc_error, was_never_sent
from asynctask_gateway.rest.routes import Route

RETRY_AFTER_MS: Final = 1_000
HEALTH: Final = "GetHealth"
KNOWN_S: Final = 5.0
"""Longest wait for the health, which the scheduler answers from memory: a longer one only delays the bad news."""
_BROKEN_OFF: Final = frozenset({"CANCELLED", "UNKNOWN", "INTERNAL"})
"""gRPC's own codes for calls in flight on a connection that dies, or to a server that stops."""
Metadata = tuple[tuple[str, str | bytes], ...]


class SchedulerCalls:
    """Calls to the schedulers of one channel."""

    def __init__(self, channel: grpc.aio.Channel, *, actor_secret: str = "", timeout_s: float) -> None:
        self._channel = channel
        self._timeout_s = timeout_s
        self._secret = ((("asynctask-actor-secret-bin", actor_secret.encode()),)) if actor_secret else ()
        self._calls: dict[str, Any] = {}

    async def call(self, route: Route, request: Message, actor: str) -> Message:
        """Make a unary call.

        Raises:
            AsyncTaskError: the scheduler's refusal; Unreachable, OutcomeUnknown where the answer did not come.
        """
        is_known = route.call.name == HEALTH
        timeout_s = min(self._timeout_s, KNOWN_S) if is_known else self._timeout_s
        try:
            return await self._of(route)(request, timeout=timeout_s, metadata=self._metadata(actor))
        except grpc.RpcError as broken:
            raise call_error(broken, changes=_changes(route)) from None

    async def stream(self, route: Route, request: Message, actor: str) -> AsyncGenerator[Any]:
        """Make a streaming call, and end it when its iteration ends.

        Raises:
            AsyncTaskError: as for `call`.
        """
        call = self._of(route)(request, metadata=self._metadata(actor))
        try:
            while (answer := await call.read()) is not grpc.aio.EOF:
                yield answer
        except grpc.RpcError as broken:
            raise call_error(broken, changes=False) from None
        finally:
            call.cancel()

    def _of(self, route: Route) -> Any:
        name = route.call.full_name
        found = self._calls.get(name)
        if found is None:
            service, _, method = name.rpartition(".")
            kind: Any = self._channel.unary_stream if route.is_stream else self._channel.unary_unary
            found = self._calls[name] = kind(
                f"/{service}/{method}",
                request_serializer=GetMessageClass(route.input).SerializeToString,
                response_deserializer=GetMessageClass(route.output).FromString,
            )
        return found

    def _metadata(self, actor: str) -> Metadata:
        return (("asynctask-actor-bin", actor.encode()), *self._secret, *trace_metadata())


def call_error(broken: grpc.RpcError, *, changes: bool) -> AsyncTaskError:
    """A failed call as an error of the catalogue; `changes`: whether the call may have changed something."""
    error = from_rpc_error(broken)
    if carries_status(broken):
        return error
    code = error.metadata.get("grpc_code")
    if isinstance(error, StoreUnavailable) and was_never_sent(error.message):
        return Unreachable("no scheduler can be reached", retry_after_ms=RETRY_AFTER_MS)
    if isinstance(error, (StoreUnavailable, OutcomeUnknown)) or code in _BROKEN_OFF:
        if changes:
            return OutcomeUnknown(
                "the scheduler's answer did not come: repeat the request with the same Idempotency-Key",
                retry_after_ms=RETRY_AFTER_MS,
            )
        return Unreachable("the scheduler did not answer", retry_after_ms=RETRY_AFTER_MS)
    if isinstance(error, InternalError) and code == "UNIMPLEMENTED":
        return Unreachable("the scheduler is of an earlier version, without this call")
    return error


def _changes(route: Route) -> bool:
    return not route.call.name.startswith(("Get", "List", "Read", "Explain"))
