"""A grpc.aio channel that quickly notices a dead peer, and quickly reconnects."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Sequence
from typing import Any

import grpc

from asynctask_chassis.server import MAX_MESSAGE_BYTES
from asynctask_chassis.tls import TlsFiles


def open_channel(
    addresses: str,
    *,
    tls: TlsFiles | None = None,
    max_message_bytes: int = MAX_MESSAGE_BYTES,
    attempts: int = 1,
    interceptors: Sequence[grpc.aio.ClientInterceptor] = (),
) -> grpc.aio.Channel:
    """Open a channel to `host:port`, or to several `ip:port` with commas; calls go round-robin over reachable ones.

    Close it with `await channel.close()`. Must be called inside the event loop that will use it.

    Args:
        attempts: how often gRPC itself tries a call that ended in UNAVAILABLE, within the call's deadline. Above 1
            only if every method may be repeated.

    Raises:
        ValueError: `addresses` is not an address list that gRPC can resolve.
    """
    options = channel_options(max_message_bytes, attempts)
    target = target_of(addresses)
    if tls is None:
        return grpc.aio.insecure_channel(target, options=options, interceptors=interceptors)
    return grpc.aio.secure_channel(
        target, tls.channel_credentials(), options=options, interceptors=interceptors
    )


def target_of(addresses: str) -> str:
    """Turn `host:port` or `ip:port,ip:port` into a target of gRPC; a target with a scheme is kept.

    Raises:
        ValueError: several addresses, and one of them is not an IP address.
    """
    if "://" in addresses or addresses.startswith(("unix:", "dns:", "ipv4:", "ipv6:")):
        return addresses
    parts = [part.strip() for part in addresses.split(",") if part.strip()]
    if len(parts) == 1:
        return f"dns:///{parts[0]}"
    versions: set[int] = set()
    for part in parts:
        host, _, port = part.rpartition(":")
        try:
            versions.add(ipaddress.ip_address(host.strip("[]")).version)
            int(port)
        except ValueError:
            raise ValueError(
                f"{part!r} is not ip:port; of host names only one can be given, for all replicas"
            ) from None
    if len(versions) != 1:
        raise ValueError(f"{addresses!r} must be one host:port, or several ip:port of one IP version")
    return f"ipv{versions.pop()}:{','.join(parts)}"


def channel_options(max_message_bytes: int = MAX_MESSAGE_BYTES, attempts: int = 1) -> list[tuple[str, Any]]:
    """Return the arguments of every channel of AsyncTask."""
    service_config: dict[str, object] = {"loadBalancingConfig": [{"round_robin": {}}]}
    if attempts > 1:
        retry = {
            "maxAttempts": attempts,
            "initialBackoff": "0.05s",
            "maxBackoff": "1s",
            "backoffMultiplier": 2,
            "retryableStatusCodes": ["UNAVAILABLE"],
        }
        service_config["methodConfig"] = [{"name": [{}], "retryPolicy": retry}]
    return [
        ("grpc.max_receive_message_length", max_message_bytes),
        ("grpc.max_send_message_length", max_message_bytes),
        # Answers with many field violations have long trailers.
        ("grpc.max_metadata_size", 64 << 10),
        ("grpc.service_config", json.dumps(service_config)),
        ("grpc.enable_retries", int(attempts > 1)),
        ("grpc.keepalive_time_ms", 10_000),
        ("grpc.keepalive_timeout_ms", 5_000),
        # gRPC's own pings, which measure the network, come every 10 s, too. One that is on its way serves as keepalive,
        # with its time-out: by default a minute. So a frozen peer is noticed within 20 s.
        ("grpc.http2.ping_timeout_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        # gRPC's own back-off grows to two minutes: callers would reconnect that late to a service that is back.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2_000),
        # In fact the time limit of one attempt to connect: several round trips, to a machine that may be busy.
        ("grpc.min_reconnect_backoff_ms", 5_000),
        # Channels with equal arguments would share one TCP connection, and with it one flow-control window.
        ("grpc.use_local_subchannel_pool", 1),
    ]
