"""Channels to the scheduler: their options, and what a failed call over one means."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final, cast

from asynctask._grpc import grpc
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError, StoreUnavailable, Unreachable
from asynctask_core.status import STATUS_KEY, from_rpc_error

OPTIONS: Final[Sequence[tuple[str, int]]] = (
    # A connection that was cut without a word is noticed within ten seconds, two thirds of a lease.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.keepalive_permit_without_calls", 0),
    ("grpc.http2.max_pings_without_data", 0),
    # Quick to come back; the spreading out is done by our own jittered back-off.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    # In truth how long one attempt to connect may take: several round trips, to a machine that may be far away or busy.
    ("grpc.min_reconnect_backoff_ms", 5_000),
    ("grpc.max_send_message_length", limits.MESSAGE_BYTES),
    ("grpc.max_receive_message_length", limits.MESSAGE_BYTES),
    # Every repetition is ours: it knows which calls may be repeated.
    ("grpc.enable_retries", 0),
    # Channels with equal options share one connection otherwise; the renewals need one of their own.
    ("grpc.use_local_subchannel_pool", 1),
)

_BROKEN_OFF: Final = frozenset({"CANCELLED", "UNKNOWN", "INTERNAL"})
"""What gRPC itself answers to what comes while a server stops, or is under way on a connection that dies."""


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
    """A failed call as an error of the catalogue; one that reached nobody says so, and whom it wanted to reach."""
    error = from_rpc_error(broken)
    if error.metadata.get("grpc_code") in _BROKEN_OFF:
        return Unreachable(f"the scheduler at {address} broke the call off: {error.message}")
    metadata = cast("Iterable[tuple[str, str | bytes]]", broken.trailing_metadata() or ())
    if not isinstance(error, StoreUnavailable) or any(key == STATUS_KEY for key, _ in metadata):
        return error
    # gRPC tells the whole way down to the socket; the last part is what a person needs.
    why = error.message.rpartition(": ")[2]
    return Unreachable(f"cannot reach the scheduler at {address}: {why}", metadata=error.metadata)


def is_cancelled() -> bool:
    """Whether somebody cancels the task that asks."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
