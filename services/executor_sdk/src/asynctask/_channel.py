"""Channels to the scheduler: their options, and the errors of failed calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from asynctask._grpc import grpc
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError, OutcomeUnknown, StoreUnavailable, Unreachable
from asynctask_core.status import carries_status, from_rpc_error, was_never_sent

OPTIONS: Final[Sequence[tuple[str, int]]] = (
    # A connection that was cut silently is noticed within 40 s: gRPC's own pings, which measure the network, come every
    # 10 s, too, and one that is on its way serves as keepalive, with its time-out: by default a minute. The answer to a
    # ping waits behind what is on its way already: 2 MiB of a manifest take 17 s at 1 Mbit/s.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.http2.ping_timeout_ms", 30_000),
    ("grpc.keepalive_permit_without_calls", 0),
    ("grpc.http2.max_pings_without_data", 0),
    # Reconnect quickly: the SDK's own jittered back-off spreads the clients.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    # Actually the time limit of one attempt to connect: several round trips, to a machine that may be far or busy.
    ("grpc.min_reconnect_backoff_ms", 5_000),
    ("grpc.max_send_message_length", limits.MESSAGE_BYTES),
    ("grpc.max_receive_message_length", limits.MESSAGE_BYTES),
    # The SDK repeats calls itself: it knows which of them may be repeated.
    ("grpc.enable_retries", 0),
    # Channels with equal options share one connection otherwise; the renewals need one of their own.
    ("grpc.use_local_subchannel_pool", 1),
)

_BROKEN_OFF: Final = frozenset({"CANCELLED", "UNKNOWN", "INTERNAL"})
"""gRPC's own codes for calls that come while a server stops, or are in flight on a connection that dies."""


_NOT_OURS: Final = frozenset({"UNIMPLEMENTED", "UNAUTHENTICATED", "PERMISSION_DENIED"})
"""gRPC's codes for HTTP's 404, 401 and 403, and those of other gRPC servers for a service that they do not have. A
scheduler's own refusals carry details.
"""
_NO_GRPC: Final = ("Received http2 header with status", "invalid content-type")
"""Beginnings of gRPC's messages about a server that speaks HTTP/2, but not gRPC."""
_SENT: Final = "sent"


def open_sync(address: str, credentials: grpc.ChannelCredentials | None = None) -> grpc.Channel:
    """A blocking channel; plain without credentials."""
    if credentials is None:
        return grpc.insecure_channel(address, options=list(OPTIONS))
    return grpc.secure_channel(address, credentials, options=list(OPTIONS))


def open_aio(address: str, credentials: grpc.ChannelCredentials | None = None) -> grpc.aio.Channel:
    """A channel of the running event loop; plain without credentials."""
    if credentials is None:
        return grpc.aio.insecure_channel(address, options=list(OPTIONS))
    return grpc.aio.secure_channel(address, credentials, options=list(OPTIONS))


def call_error(broken: grpc.RpcError, address: str) -> AsyncTaskError:
    """A failed call as an error of the catalogue; one that reached no scheduler says so, with the address."""
    error = from_rpc_error(broken)
    if carries_status(broken):
        return error
    if error.metadata.get("grpc_code") in _NOT_OURS or error.message.startswith(_NO_GRPC):
        what = f"what answers at {address} is no scheduler of AsyncTask, or one of another version"
        return Unreachable(f"{what}: {error.message}", metadata={_SENT: "no"})
    if error.metadata.get("grpc_code") in _BROKEN_OFF:
        return Unreachable(f"the scheduler at {address} broke the call off: {error.message}")
    if isinstance(error, OutcomeUnknown):
        return OutcomeUnknown(f"the scheduler at {address} did not answer in time")
    if not isinstance(error, StoreUnavailable):
        return error
    # gRPC describes every layer down to the socket; people need the last part.
    why = error.message.rpartition(": ")[2]
    if "[" not in why:
        why = why.removesuffix("]")  # of a list of errors, one for each address that a name has
    metadata = dict(error.metadata)
    if was_never_sent(error.message):
        metadata[_SENT] = "no"
    return Unreachable(f"cannot reach the scheduler at {address}: {why}", metadata=metadata)


def may_have_arrived(error: AsyncTaskError) -> bool:
    """Whether a call that failed with this error may have been executed."""
    if isinstance(error, Unreachable):
        return error.metadata.get(_SENT) != "no"
    return isinstance(error, OutcomeUnknown)
