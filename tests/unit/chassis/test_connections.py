"""How many connections a server takes, from all and from one host, and which it closes again."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.longrunning import operations_proto_pb2

from asynctask_chassis import arrivals, connections, patience
from asynctask_chassis import server as server_module
from asynctask_chassis.connections import ConnectionGuard, allowed_connections, place_of
from asynctask_chassis.interceptors.standard import standard_interceptors
from asynctask_chassis.metrics import RpcMetrics, new_metrics_registry
from asynctask_chassis.server import Server
from tests.support.conditions import eventually

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
EMPTY_SETTINGS = b"\0\0\0\4\0\0\0\0\0"
NO_WINDOW = b"\0\0\6\4\0\0\0\0\0" + b"\0\4\0\0\0\0"
"""A SETTINGS frame by which nothing may be sent to a stream."""
SAY = "/echo.Echo/Say"


@pytest.fixture(autouse=True)
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the guard look when a test says so, and never by itself but at the start."""
    monkeypatch.setattr(server_module, "GUARD_INTERVAL", timedelta(hours=1))
    monkeypatch.setattr(server_module, "ARRIVALS_INTERVAL", timedelta(hours=1))


async def say(request: bytes, context: Any) -> bytes:
    return request


async def repeat(request: bytes, context: Any) -> AsyncIterator[bytes]:
    yield request
    yield request


async def join(requests: AsyncIterator[bytes], context: Any) -> bytes:
    return b"".join([request async for request in requests])


async def talk(requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
    async for request in requests:
        yield request


@asynccontextmanager
async def echo(**options: Any) -> AsyncIterator[Server]:
    interceptors = standard_interceptors(RpcMetrics("echo", new_metrics_registry()))
    server = Server(
        "127.0.0.1:0", interceptors=interceptors, grace_period=timedelta(milliseconds=80), **options
    )
    handlers: dict[str, Any] = {
        "Say": grpc.unary_unary_rpc_method_handler(say),
        "Repeat": grpc.unary_stream_rpc_method_handler(repeat),
        "Join": grpc.stream_unary_rpc_method_handler(join),
        "Talk": grpc.stream_stream_rpc_method_handler(talk),
    }
    handler = grpc.method_handlers_generic_handler("echo.Echo", handlers)

    def add(servicer: None, grpc_server: grpc.aio.Server) -> None:
        grpc_server.add_generic_rpc_handlers((handler,))

    server.add(add, None, operations_proto_pb2.DESCRIPTOR)
    async with server:
        await server._guarding.run_now()  # its first look is over then, and no other comes
        yield server


class Peer:
    """A connection that speaks just enough HTTP/2."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, server: Server, settings: bytes = EMPTY_SETTINGS) -> Peer:
        peer = cls(*await asyncio.open_connection("127.0.0.1", server.port))
        peer.writer.write(PREFACE + settings)
        return peer

    async def is_taken(self) -> bool:
        """Whether the server answers with its settings instead of hanging up."""
        try:
            async with asyncio.timeout(60):
                return bool(await self.reader.read(9))
        except ConnectionError:
            return False

    async def is_closed(self) -> None:
        """Wait until the server has hung up."""
        try:
            while await self.reader.read(65536):
                pass
        except ConnectionError:
            pass

    async def hears(self, word: bytes) -> None:
        """Wait for an answer that has this in it."""
        heard = b""
        async with asyncio.timeout(60):
            while word not in heard:
                part = await self.reader.read(65536)
                assert part, "the connection was closed"
                heard += part

    def call(self, stream: int, message: bytes) -> None:
        """Call SAY."""
        headers = self._headers()
        data = b"\0" + len(message).to_bytes(4, "big") + message
        self._send(stream, (1, 4, headers), (0, 1, data))

    def _headers(self) -> bytes:
        """As HPACK without any compression has them."""
        pairs = {
            ":method": "POST",
            ":scheme": "http",
            ":path": SAY,
            ":authority": "localhost",
            "te": "trailers",
            "content-type": "application/grpc",
        }
        return b"".join(
            b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
            for name, value in pairs.items()
        )

    def begin(self, stream: int) -> None:
        """Call SAY, and stop in the middle of the message."""
        self._send(stream, (1, 4, self._headers()), (0, 0, b"\0\0\0\0\7mes"))

    def _send(self, stream: int, *frames: tuple[int, int, bytes]) -> None:
        for kind, flags, payload in frames:
            head = len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
            self.writer.write(head + payload)


@pytest.fixture
async def peers() -> AsyncIterator[list[Peer]]:
    opened: list[Peer] = []
    yield opened
    for peer in opened:
        peer.writer.close()


async def open_and_ask(peers: list[Peer], server: Server) -> bool:
    peer = await Peer.connect(server)
    peers.append(peer)
    return await peer.is_taken()


async def test_connection_over_the_bound_is_closed_and_one_that_ends_makes_room(peers: list[Peer]):
    """Fails when: the number of connections has no bound, so that one client takes all memory and files."""
    async with echo(connections=3) as server:
        assert [await open_and_ask(peers, server) for _ in range(5)] == [True] * 3 + [False] * 2
        peers[0].writer.close()
        async with asyncio.timeout(60):
            while not await open_and_ask(peers, server):
                pass


async def test_newest_connections_of_a_host_beyond_its_share_are_closed(peers: list[Peer]):
    """Fails when: one host may take every connection that there is."""
    async with echo(connections=100, connections_per_host=10) as server:
        early = await Peer.connect(server)
        peers.append(early)
        assert await early.is_taken()
        await server.guard.run_once()
        late = [await Peer.connect(server) for _ in range(30)]
        peers += late
        assert all(await asyncio.gather(*(peer.is_taken() for peer in late)))
        assert (await server.guard.run_once()).changed == 21
        ends = [asyncio.ensure_future(peer.is_closed()) for peer in late]
        await eventually(lambda: sum(end.done() for end in ends) == 21)
        early.call(1, b"still here")
        await early.hears(b"still here")
        for end in ends:
            end.cancel()


async def test_peer_that_takes_no_answer_loses_its_connection(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch
):
    """Fails when: answers of single calls wait in gRPC without bound for a peer that has no room for them."""
    monkeypatch.setattr(patience, "UNREAD_S", 0.2)
    async with echo() as server:
        deaf, honest = await Peer.connect(server, NO_WINDOW), await Peer.connect(server)
        peers += [deaf, honest]
        deaf.call(1, b"x" * 100)

        async def closed() -> int:
            return (await server.guard.run_once()).changed

        # Before keepalive ends a peer that does not answer its pings, as this one: others do.
        assert await eventually(closed, 15) == 1
        async with asyncio.timeout(60):
            await deaf.is_closed()
        honest.call(1, b"hello")
        await honest.hears(b"hello")


def ended_calls(server: Server) -> Any:
    async def some() -> int:
        return (await server.end_late_requests()).changed

    return eventually(some)


KINDS = {
    "Say": lambda channel: channel.stream_unary("/echo.Echo/Say")(),
    "Repeat": lambda channel: channel.stream_stream("/echo.Echo/Repeat")(),
    "Join": lambda channel: channel.stream_unary("/echo.Echo/Join")(),
    "Talk": lambda channel: channel.stream_stream("/echo.Echo/Talk")(),
}


@pytest.mark.parametrize("method", KINDS)
async def test_call_that_sends_its_headers_only_is_ended(method: str, monkeypatch: pytest.MonkeyPatch):
    """Fails when: calls without a request are kept as long as their connection, 10,000 of each."""
    async with echo() as server, grpc.aio.insecure_channel(server.address) as channel:
        silent: Any = KINDS[method](channel)
        assert await channel.unary_unary(SAY)(b"a") == b"a"
        assert (await server.end_late_requests()).changed == 0
        monkeypatch.setattr(arrivals, "REQUEST_S", 0.0)
        assert await ended_calls(server) == 1
        assert await silent.code() is grpc.StatusCode.UNAVAILABLE
        assert await silent.details() == "the request did not come within 0 s: nothing was done; call again"
        assert await channel.unary_unary(SAY)(b"b") == b"b"
        assert [one async for one in channel.unary_stream("/echo.Echo/Repeat")(b"c")] == [b"c", b"c"]


async def test_call_whose_request_stops_in_the_middle_is_ended_and_its_connection_goes_on(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch
):
    async with echo() as server:
        peer = await Peer.connect(server)
        peers.append(peer)
        peer.begin(1)
        monkeypatch.setattr(arrivals, "REQUEST_S", 0.0)
        assert await ended_calls(server) == 1
        await peer.hears(b"did not come within")
        monkeypatch.undo()
        peer.call(3, b"hello")
        await peer.hears(b"hello")


async def test_call_that_ends_without_a_request_is_told_so():
    async with echo() as server, grpc.aio.insecure_channel(server.address) as channel:
        for method in ("Say", "Repeat"):
            empty: Any = KINDS[method](channel)
            await empty.done_writing()
            assert await empty.code() is grpc.StatusCode.INVALID_ARGUMENT
            assert await empty.details() == "the call came without a request"


async def test_stream_that_has_sent_something_may_wait_as_long_as_it_likes(monkeypatch: pytest.MonkeyPatch):
    async with echo() as server, grpc.aio.insecure_channel(server.address) as channel:
        monkeypatch.setattr(arrivals, "REQUEST_S", 0.0)
        stream: Any = channel.stream_stream("/echo.Echo/Talk")()
        for message in (b"a", b"b"):
            await stream.write(message)
            assert await stream.read() == message
            assert (await server.end_late_requests()).changed == 0
        await stream.done_writing()
        assert await stream.code() is grpc.StatusCode.OK


@pytest.mark.parametrize(
    ("peer", "place"),
    [
        ("ipv4:10.0.0.1:76", ("10.0.0.1", 76)),
        ("ipv6:%5B2001:db8::1%5D:76", ("2001:db8::1", 76)),
        ("ipv6:[::ffff:10.0.0.1]:76", ("10.0.0.1", 76)),
        ("unix:/run/socket", None),
        ("", None),
    ],
)
def test_names_of_peers_are_understood(peer: str, place: connections.Place | None):
    assert place_of(peer) == place


def test_sockets_to_other_processes_and_to_the_kernel_are_passed_over():
    """Fails when: the guard sees nothing while somebody looks up the name of a host, which asks the kernel."""
    sockets = [*socket.socketpair()]
    if hasattr(socket, "AF_NETLINK"):
        sockets.append(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
    try:
        assert [connections._ends(one.fileno()) for one in sockets] == [None] * len(sockets)
    finally:
        for one in sockets:
            one.close()


async def test_share_of_a_host_shrinks_with_the_connections_that_there_are(monkeypatch: pytest.MonkeyPatch):
    """Fails when: one host may take every connection of a service that may open few files only."""
    monkeypatch.setattr(server_module, "allowed_connections", lambda wanted: wanted // 10)
    async with echo(connections=100, connections_per_host=80) as server:
        assert server.guard._per_host == 8


async def test_no_setting_lets_one_host_take_every_connection():
    """Fails when: whoever sets fewer connections, and nothing else, has no share of a host any more."""
    async with echo(connections=5000) as server:
        assert server.guard._per_host == 4000


def test_process_that_may_open_few_files_takes_fewer_connections(monkeypatch: pytest.MonkeyPatch):
    resource: Any = pytest.importorskip("resource")
    bounds = [1024, 4096]

    def change(_: int, pair: tuple[int, int]) -> None:
        bounds[:] = pair

    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(bounds))
    monkeypatch.setattr(resource, "setrlimit", change)
    assert allowed_connections(500) == 500
    assert bounds == [1024, 4096]
    assert allowed_connections(3000) == 3000
    assert bounds == [3000 + connections.KEPT_FILES, 4096]
    assert allowed_connections(10_000) == 4096 - connections.KEPT_FILES
    assert bounds == [4096, 4096]


async def test_guard_looks_only_at_sockets_of_its_server():
    """Fails when: the guard takes connections to the stores, or clients' own, for those of a host to its server."""
    async with echo() as server, grpc.aio.insecure_channel(server.address) as channel:
        assert await channel.unary_unary(SAY)(b"a") == b"a"
        guard = ConnectionGuard(per_host=0, unread=list)
        guard.listen(1)
        assert (await guard.run_once()).changed == 0
        guard.listen(server.port)
        assert (await guard.run_once()).changed >= 1
