"""A grpc.aio server with health, reflection, keepalive and limits, on a port that may be 0.

    server = Server("127.0.0.1:0", interceptors=standard_interceptors(RpcMetrics("registry", registry)))
    server.add(add_LedgerServiceServicer_to_server, servicer, ledger_service_pb2.DESCRIPTOR)
    async with server:
        ...                     # server.address is the real one

Health answers SERVING from the start until `drain`, which is called before the end of the block: load balancers then
stop sending, and owners of streams (the dispatcher) end them before `stop` waits for calls in progress.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import grpc
from google.protobuf.descriptor import FileDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from asynctask_chassis.connections import ConnectionGuard, allowed_connections
from asynctask_chassis.interceptors.wrapping import WrappingInterceptor
from asynctask_chassis.loop import LoopReport, PeriodicLoop
from asynctask_chassis.tls import TlsFiles
from asynctask_core import limits

Servicer = TypeVar("Servicer")

MAX_MESSAGE_BYTES = 16 << 20
"""Above gRPC's 4 MiB: a batch closes at 1 MiB, but a single read may answer many large configs."""
UNCOMPRESSED = 1 << grpc.Compression.NoCompression.value
"""gRPC's set of compression algorithms without any compression."""
GUARD_INTERVAL = timedelta(seconds=1)
ARRIVALS_INTERVAL = timedelta(seconds=1)
LONGEST_GRACE_S = 5.0
"""Longest wait of a stopping server for calls in progress: calls of a client that is gone do not end."""


def server_options(max_message_bytes: int, connections: int) -> list[tuple[str, int]]:
    """Return the arguments of every server of AsyncTask."""
    return [
        ("grpc.max_receive_message_length", max_message_bytes),
        ("grpc.max_send_message_length", max_message_bytes),
        # Bounds the memory that gRPC itself uses for a peer before any handler runs.
        ("grpc.max_concurrent_streams", limits.CONNECTION_CALLS),
        # Further connections are closed as soon as they are accepted.
        ("grpc.max_allowed_incoming_connections", connections),
        ("grpc.server_handshake_timeout_ms", limits.HANDSHAKE_MS),
        ("grpc.max_connection_idle_ms", limits.CONNECTION_IDLE_MS),
        # Between the two limits gRPC refuses calls at random, so both are the same.
        ("grpc.max_metadata_size", limits.METADATA_BYTES),
        ("grpc.absolute_max_metadata_size", limits.METADATA_BYTES),
        # No compression: grpcio 1.76 decompresses a message before it checks the length, so that 16 MiB of gzip become
        # 16 GiB. grpcio 1.85 stops at the limit, but even there 16 KiB on the wire take 16 MiB of memory.
        ("grpc.compression_enabled_algorithms_bitset", UNCOMPRESSED),
        # Otherwise a second server could silently share the port, and would get half of the connections.
        ("grpc.so_reuseport", 0),
        # A peer that vanished without closing its connection (cut cable, frozen host) is noticed within 50 s.
        ("grpc.keepalive_time_ms", 20_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        # Nearly the same for gRPC's own pings, in whose place it sends no other: by default a minute. The answer to a
        # ping waits behind what is on its way already: 2 MiB of a manifest take 17 s at 1 Mbit/s.
        ("grpc.http2.ping_timeout_ms", 30_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        # Our channels ping every 10 s; with the default the server would answer GOAWAY "too many pings".
        ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", 5_000),
    ]


def _find_handlers_by_name(server: grpc.aio.Server) -> None:
    """Let generated code register handlers only by name, not as registered methods of gRPC.

    For registered methods gRPC waits for a call of each method separately. Then every call costs as many callbacks as
    there are methods: 6 % of the processor time of a plain submit with the scheduler's 38 methods. The server object
    stays gRPC's own, since reflection selects its asyncio servicer by that type.
    """

    def register_none(service: str, handlers: Mapping[str, object]) -> None:
        pass

    cast("Any", server).add_registered_method_handlers = register_none


class Server:
    """One gRPC server; add the servicers, then enter it."""

    def __init__(
        self,
        address: str,
        *,
        interceptors: Sequence[grpc.aio.ServerInterceptor] = (),
        max_message_bytes: int = MAX_MESSAGE_BYTES,
        tls: TlsFiles | None = None,
        grace_period: timedelta = timedelta(seconds=20),
        connections: int = limits.CONNECTIONS,
        connections_per_host: int = limits.HOST_CONNECTIONS,
    ) -> None:
        """Prepare a server for `address` (`host:port`, port 0 takes a free one).

        Args:
            grace_period: of the whole service; `stop` waits a quarter of it for calls in progress, at most 5 s.
            connections: the most connections; fewer if the process may open fewer files.
            connections_per_host: the most of one host, at most four fifths of `connections`; the newest beyond are
                closed. Fewer, in proportion, if the process may open fewer files.
        """
        self._wanted_address = address
        self._tls = tls
        self._grace = min(LONGEST_GRACE_S, grace_period.total_seconds() / 4)
        allowed = allowed_connections(connections)
        options = server_options(max_message_bytes, allowed)
        self._server = grpc.aio.server(interceptors=interceptors, options=options)
        _find_handlers_by_name(self._server)
        self._wrapping = wrapping = [one for one in interceptors if isinstance(one, WrappingInterceptor)]
        share = min(connections_per_host, connections * 4 // 5)
        self.guard = ConnectionGuard(
            per_host=max(1, share * allowed // connections),
            unread=lambda: [peer for one in wrapping for peer in one.unread_answers()],
        )
        self._guarding = PeriodicLoop("connections", self.guard.run_once, interval=GUARD_INTERVAL)
        self._arriving = PeriodicLoop("arrivals", self.end_late_requests, interval=ARRIVALS_INTERVAL)
        self._health = health.aio.HealthServicer()
        self._names = [health.SERVICE_NAME, reflection.SERVICE_NAME]
        self._port = 0

    def add(
        self,
        register: Callable[[Servicer, grpc.aio.Server], None],
        servicer: Servicer,
        descriptor: FileDescriptor,
    ) -> None:
        """Serve `servicer` through its generated `add_…_to_server`; `descriptor` is its file's, for reflection."""
        register(servicer, self._server)
        self._names.extend(service.full_name for service in descriptor.services_by_name.values())

    @property
    def port(self) -> int:
        """The real port, once started."""
        return self._port

    @property
    def address(self) -> str:
        """`host:port` with the real port, once started."""
        return f"{self._wanted_address.rpartition(':')[0]}:{self._port}"

    async def start(self) -> None:
        """Bind and serve.

        Raises:
            OSError: the address cannot be bound.
        """
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        reflection.enable_server_reflection(self._names, self._server)
        try:
            if self._tls is None:
                self._port = self._server.add_insecure_port(self._wanted_address)
            else:
                self._port = self._server.add_secure_port(
                    self._wanted_address, self._tls.server_credentials()
                )
        except RuntimeError as error:
            raise OSError(
                f"cannot listen on {self._wanted_address}: is it in use, or not an address of this machine? ({error})"
            ) from None
        await self._server.start()
        self.guard.listen(self._port)
        self._guarding.start()
        self._arriving.start()
        for name in self._names:
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)

    async def end_late_requests(self) -> LoopReport:
        """End the calls whose first message is late: one pass of a periodic loop."""
        return LoopReport(changed=sum(one.end_late_requests() for one in self._wrapping))

    async def set_serving(self, serving: bool) -> None:
        """Answer health checks with SERVING or NOT_SERVING, depending on the service's stores."""
        status = (
            health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        )
        for name in self._names:
            await self._health.set(name, status)

    async def drain(self) -> None:
        """Answer NOT_SERVING to health checks from now on; calls are still accepted."""
        await self._health.enter_graceful_shutdown()

    async def stop(self) -> None:
        """Refuse new calls, wait at most the grace time for those in progress, then cancel them."""
        await self.drain()
        await self._server.stop(self._grace)
        try:
            await self._arriving.stop()
        finally:
            await self._guarding.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()
