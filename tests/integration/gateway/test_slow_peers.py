"""Peers that are slow on purpose, or too many: each is ended within a bound, and nobody else waits for it.

The real server and the edge of the gateway, with bounds of tenths of a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from asynctask_gateway.edge import body, http_protocol
from asynctask_gateway.edge.headers import SafeHeaders
from asynctask_gateway.edge.http_server import HttpServer
from asynctask_gateway.edge.refusals import Refusals
from asynctask_gateway.edge.request_log import RequestLog
from asynctask_gateway.metrics import GatewayMetrics
from tests.support.raw_http import RawConnection, ask, request

SHORT_S = 0.2
HEADERS = ["Content-Type: application/json"]


class Echo:
    """Answers with the body it read; `/endless` sends without end, `/quiet` until its reader has gone."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/endless":
            await StreamingResponse(self._endless())(scope, receive, send)
        elif scope["path"] == "/quiet":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            self.begun.set()
            while (await receive())["type"] != "http.disconnect":
                pass
            self.ended.set()
        else:
            await Response(await body.read_body(Request(scope, receive), 1 << 20))(scope, receive, send)

    async def _endless(self) -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * (1 << 16)
                await asyncio.sleep(0)  # once the peer is gone, nothing else here waits
        finally:
            self.ended.set()


@asynccontextmanager
async def serving(echo: Echo | None = None, *, connections: int = 100) -> AsyncIterator[str]:
    app = RequestLog(SafeHeaders(Refusals(echo or Echo())), GatewayMetrics())
    async with HttpServer(app, "127.0.0.1:0", connections=connections, grace_s=1) as server:
        yield server.address


async def too_slow(address: str, *parts: bytes, word: str) -> None:
    """Send these parts, read the problem, and see that the connection ends and others are served."""

    def talk() -> None:
        with RawConnection(address) as connection:
            for part in parts:
                connection.send(part)
            connection.answer().problem(408, "REQUEST_TOO_SLOW", word)
            assert connection.is_closed()
        assert ask(address, "POST /", HEADERS, b"{}").body == b"{}"

    await asyncio.to_thread(talk)


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "BODY_S", SHORT_S)
    for name in ("HEAD_S", "STALL_S", "LINGER_S"):
        monkeypatch.setattr(http_protocol, name, SHORT_S)


async def test_body_that_does_not_arrive() -> None:
    async with serving() as address:
        head = request(address, "POST /", [*HEADERS, "Content-Length: 10"])
        await too_slow(address, head, b"{", word="the body must arrive within 0.2 s")
        chunked = request(address, "POST /", [*HEADERS, "Transfer-Encoding: chunked"])
        await too_slow(address, chunked, b"1\r\n{\r\n", word="the body must arrive within 0.2 s")


async def test_head_that_does_not_arrive() -> None:
    async with serving() as address:
        await too_slow(address, b"GET / HTTP/1.1\r\nX-A: ", word="headers must arrive within 0.2 s")
        await too_slow(address, b"G", word="headers must arrive within 0.2 s")


async def test_connection_that_says_nothing_is_closed_without_a_word() -> None:
    async with serving() as address:

        def wait() -> None:
            with RawConnection(address) as connection:
                assert connection.is_closed()
            with RawConnection(address) as connection:
                connection.send(b"\r\n\r\n")
                assert connection.is_closed()

        await asyncio.to_thread(wait)


async def test_peer_that_goes_on_sending_after_its_refusal_is_ended() -> None:
    """Fails when a refused body is read for ever."""
    async with serving() as address:

        def flood() -> None:
            with RawConnection(address) as connection:
                connection.send(request(address, "POST /", [*HEADERS, "Content-Length: 99999999999"]))
                connection.answer().problem(413, "BODY_TOO_LARGE")
                with suppress(ConnectionResetError, BrokenPipeError):
                    while True:
                        connection.send(b" " * (1 << 16))

        await asyncio.to_thread(flood)


async def test_peer_that_does_not_read_its_answer_is_ended() -> None:
    echo = Echo()
    async with serving(echo) as address:
        with RawConnection(address) as connection:
            connection.send(request(address, "GET /endless"))
            await asyncio.wait_for(echo.ended.wait(), 60)
        assert (await asyncio.to_thread(ask, address, "POST /", HEADERS, b"{}")).status == 200


async def test_connections_over_their_number_are_refused_with_a_problem() -> None:
    async with serving(connections=2) as address:

        def crowd() -> None:
            with RawConnection(address) as first, RawConnection(address) as second:
                for one in (first, second):
                    one.send(request(address, "POST /", HEADERS, b"{}"))
                    assert one.answer().status == 200
                with RawConnection(address) as third:
                    third.send(request(address, "POST /", HEADERS, b"{}"))
                    refused = third.answer()
                    refused.problem(503, "TOO_MANY_CONNECTIONS", "at most 2")
                    assert refused.headers["retry-after"] == "1"
                    assert third.is_closed()

        await asyncio.to_thread(crowd)


async def test_connections_within_their_number_are_served_while_others_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fails when strangers that only open connections, without any token, shut out those that were there before."""
    monkeypatch.setattr(http_protocol, "HEAD_S", 60)
    async with serving(connections=2) as address:

        def crowd() -> None:
            with RawConnection(address) as first, RawConnection(address) as second:
                second.send(request(address, "POST /", HEADERS, b"{}"))
                assert second.answer().status == 200
                with RawConnection(address):  # says nothing
                    ask(address, "POST /", HEADERS, b"{}").problem(503, "TOO_MANY_CONNECTIONS")
                    for one in (first, second):
                        one.send(request(address, "POST /", HEADERS, b"{}"))
                        assert one.answer().status == 200

        await asyncio.to_thread(crowd)


@pytest.mark.parametrize("more", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"no HTTP\r\n\r\n"])
async def test_stream_ends_with_its_connection(more: bytes) -> None:
    """Fails when a stream outlives its connection, because another request waited behind it."""
    echo = Echo()
    async with serving(echo) as address:
        with RawConnection(address) as connection:
            connection.send(request(address, "GET /quiet") + more)
            await asyncio.wait_for(echo.begun.wait(), 60)
        await asyncio.wait_for(echo.ended.wait(), 60)
