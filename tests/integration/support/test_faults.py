"""The faults that other tests rely on do what they say."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest

from tests.support.conditions import eventually
from tests.support.faults import FaultProxy
from tests.support.replies import ReplyEater


@asynccontextmanager
async def echo() -> AsyncIterator[str]:
    writers: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        while data := await reader.read(1024):
            writer.write(data)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.reader, self.writer = reader, writer

    async def say(self, text: bytes) -> None:
        self.writer.write(text)
        await self.writer.drain()

    async def hear(self, count: int) -> bytes:
        return await self.reader.readexactly(count)


@asynccontextmanager
async def connect(address: str) -> AsyncIterator[Client]:
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()


async def is_silent(client: Client) -> bool:
    try:
        async with asyncio.timeout(0.15):
            await client.reader.read(1)
    except TimeoutError:
        return True
    return False


async def test_it_passes_everything_on():
    async with echo() as target, FaultProxy(target) as proxy, connect(proxy.address) as client:
        await client.say(b"x" * 1_000_000)
        assert await client.hear(1_000_000) == b"x" * 1_000_000


async def test_a_cut_resets_old_and_new_connections_until_it_is_healed():
    async with echo() as target, FaultProxy(target) as proxy:
        async with connect(proxy.address) as client:
            await client.say(b"hello")
            await client.hear(5)
            proxy.cut()
            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await client.hear(1)
        async with connect(proxy.address) as client:
            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await client.hear(1)
        proxy.heal()
        async with connect(proxy.address) as client:
            await client.say(b"hello")
            assert await client.hear(5) == b"hello"
    assert proxy.connections == 3


async def test_a_black_hole_holds_everything_until_it_is_healed():
    async with echo() as target, FaultProxy(target) as proxy, connect(proxy.address) as client:
        proxy.blackhole()
        await client.say(b"hello")
        assert await is_silent(client)
        proxy.heal()
        assert await client.hear(5) == b"hello"


async def test_half_open_silences_one_direction_only():
    async with echo() as target, FaultProxy(target) as proxy, connect(proxy.address) as client:
        proxy.half_open(silent="client")
        await client.say(b"hello")
        assert await is_silent(client)
        proxy.heal()
        assert await client.hear(5) == b"hello"


async def test_a_delay_is_added_in_each_direction():
    async with echo() as target, FaultProxy(target) as proxy, connect(proxy.address) as client:
        proxy.delay(0.1)
        started = time.monotonic()
        await client.say(b"hello")
        assert await client.hear(5) == b"hello"
        assert time.monotonic() - started >= 0.2


class Counter:
    def __init__(self) -> None:
        self.count = 0

    async def add(self, request: bytes, context: Any) -> bytes:
        self.count += 1
        if request == b"bad":
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such", (("reason-bin", b"\x00\x01"),))
        metadata = dict(context.invocation_metadata())
        return request + metadata.get("suffix", "").encode()

    async def talk(self, requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
        async for request in requests:
            yield request.upper()


@asynccontextmanager
async def eaten_counter() -> AsyncIterator[tuple[Counter, ReplyEater, grpc.aio.Channel]]:
    counter = Counter()
    server = grpc.aio.server()
    handlers: dict[str, Any] = {
        "Add": grpc.unary_unary_rpc_method_handler(counter.add),
        "Talk": grpc.stream_stream_rpc_method_handler(counter.talk),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("c.C", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with ReplyEater(f"127.0.0.1:{port}") as eater, grpc.aio.insecure_channel(eater.address) as channel:
        yield counter, eater, channel
    await server.stop(None)


async def test_calls_pass_with_their_metadata():
    async with eaten_counter() as (counter, eater, channel):
        assert await channel.unary_unary("/c.C/Add")(b"1", metadata=(("suffix", "!"),), timeout=60) == b"1!"
        assert counter.count == eater.calls["Add"] == 1


async def test_an_eaten_reply_was_done_but_its_caller_hears_unavailable():
    async with eaten_counter() as (counter, eater, channel):
        eater.eat("Add")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await channel.unary_unary("/c.C/Add")(b"1")
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        assert (counter.count, eater.eaten["Add"]) == (1, 1)
        assert await channel.unary_unary("/c.C/Add")(b"2") == b"2"


async def test_errors_pass_with_their_details():
    async with eaten_counter() as (_, _, channel):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await channel.unary_unary("/c.C/Add")(b"bad")
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND
        assert caught.value.details() == "no such"
        assert dict(caught.value.trailing_metadata() or ())["reason-bin"] == b"\x00\x01"


async def test_streams_pass_message_by_message():
    async with eaten_counter() as (_, _, channel):
        call = channel.stream_stream("/c.C/Talk")()
        for word in (b"a", b"b"):
            await call.write(word)
            assert await call.read() == word.upper()
        await call.done_writing()
        assert await call.read() is grpc.aio.EOF


async def test_eventually_tells_what_it_saw_last():
    with pytest.raises(AssertionError, match=r"did not hold within 0\.01 s; it was 0"):
        await eventually(lambda: 0, timeout=0.01)


async def test_eventually_takes_failed_asserts_for_not_yet():
    answers = iter([False, False, True])

    async def asserts() -> bool:
        assert next(answers), "not yet"
        return True

    assert await eventually(asserts)
