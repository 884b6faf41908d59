"""Channels to the scheduler: their options, and one of several addresses after another."""

from collections.abc import Sequence
from typing import Final

import grpc
import grpc.aio

from asynctask_core import limits

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


def open_sync(address: str) -> grpc.Channel:
    """A blocking channel."""
    return grpc.insecure_channel(address, options=list(OPTIONS))


def open_aio(address: str) -> grpc.aio.Channel:
    """A channel of the running event loop."""
    return grpc.aio.insecure_channel(address, options=list(OPTIONS))
