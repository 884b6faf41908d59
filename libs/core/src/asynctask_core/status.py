"""Errors to `google.rpc.Status` and back: the same class, message and facts at both ends of a call."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, cast

from google.rpc import code_pb2, error_details_pb2, status_pb2

from asynctask_core.errors import (
    BY_REASON,
    AsyncTaskError,
    FieldViolation,
    InternalError,
    InvalidInput,
    OutcomeUnknown,
    Overloaded,
    StoreUnavailable,
    TooLarge,
)

if TYPE_CHECKING:
    import grpc

DOMAIN: Final = "asynctask"
STATUS_KEY: Final = "grpc-status-details-bin"
"""Trailing metadata that carries the serialized status (the convention of grpcio-status)."""

_BARE: Final = {
    "UNAVAILABLE": StoreUnavailable,
    "DEADLINE_EXCEEDED": OutcomeUnknown,
    "RESOURCE_EXHAUSTED": Overloaded,
}

_OVER_MESSAGE: Final = "message larger than max"

_NOT_CONNECTED: Final = (
    "failed to connect to all addresses",
    "connections to all backends failing",
    "errors resolving",
    "DNS resolution failed",
    "Connection refused",
)
"""How gRPC's messages begin if there was no connection, so that nothing was sent; they differ by its version and by
how it chooses among addresses."""


def to_status(error: AsyncTaskError) -> status_pb2.Status:
    """Encode an error with `ErrorInfo`, and `BadRequest` and `RetryInfo` where it has such facts."""
    status = status_pb2.Status(code=int(error.code.value[0]), message=error.message)
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=dict(error.metadata))
    status.details.add().Pack(info)
    if error.violations:
        bad = error_details_pb2.BadRequest()
        for violation in error.violations:
            bad.field_violations.add(field=violation.field, description=violation.description)
        status.details.add().Pack(bad)
    if error.retry_after_ms is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(error.retry_after_ms)
        status.details.add().Pack(retry)
    return status


def from_status(status: status_pb2.Status) -> AsyncTaskError:
    """Decode what `to_status` encoded; a status that is not AsyncTask's becomes the nearest class."""
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    violations: list[FieldViolation] = []
    retry_after_ms: int | None = None
    for detail in status.details:
        if detail.type_url.endswith("/google.rpc.BadRequest"):
            detail.Unpack(bad)
            violations += [FieldViolation(v.field, v.description) for v in bad.field_violations]
        elif detail.type_url.endswith("/google.rpc.RetryInfo"):
            detail.Unpack(retry)
            retry_after_ms = retry.retry_delay.ToMilliseconds()
        elif detail.type_url.endswith("/google.rpc.ErrorInfo"):
            detail.Unpack(info)
    metadata = dict(info.metadata)
    kind = BY_REASON.get(info.reason) if info.domain == DOMAIN else None
    if kind is None:
        return _bare(_code(status.code), status.message)
    if issubclass(kind, InvalidInput):
        return kind(violations, message=status.message, retry_after_ms=retry_after_ms, metadata=metadata)
    return kind(status.message, retry_after_ms=retry_after_ms, metadata=metadata, violations=violations)


def from_rpc_error(error: "grpc.RpcError") -> AsyncTaskError:
    """Decode a failed call, sync or aio, into the class that the service raised."""
    # Sync and aio errors give the metadata as different types, both iterable in pairs; the stubs know neither.
    metadata = cast("Iterable[tuple[str, str | bytes]]", error.trailing_metadata() or ())
    for key, value in metadata:
        if key == STATUS_KEY and isinstance(value, bytes):
            return from_status(status_pb2.Status.FromString(value))
    return _bare(error.code().name, str(error.details() or ""))


def carries_status(error: "grpc.RpcError") -> bool:
    """Whether a service of AsyncTask raised the error; else gRPC itself did, at either end."""
    metadata = cast("Iterable[tuple[str, str | bytes]]", error.trailing_metadata() or ())
    return any(key == STATUS_KEY for key, _ in metadata)


def was_never_sent(text: str) -> bool:
    """Whether an UNAVAILABLE of gRPC itself, with this text, proves that the call reached no service.

    Any other may come from a connection that broke after the service had executed the call.
    """
    return text.startswith(_NOT_CONNECTED)


def _code(number: int) -> str:
    return code_pb2.Code.Name(number) if number in code_pb2.Code.values() else "UNKNOWN"


def _bare(code: str, text: str) -> AsyncTaskError:
    """An error without facts of AsyncTask, by the name of its gRPC code: gRPC need not be loaded for it."""
    if code == "RESOURCE_EXHAUSTED" and _OVER_MESSAGE in text:
        # gRPC itself refuses it, at the sending or at the receiving end; repeating it cannot help.
        long = "a request or answer is too long for one message; ask for less at once"
        return TooLarge((), message=f"{long}: {text}", metadata={"grpc_code": code})
    kind = _BARE.get(code)
    if kind is not None:
        return kind(text or f"the service answered {code}")
    if code == "INVALID_ARGUMENT":
        return InvalidInput((), message=text)
    return InternalError(f"the service answered {code}: {text}", metadata={"grpc_code": code})
