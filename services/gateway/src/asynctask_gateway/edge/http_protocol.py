"""HTTP/1.1 of one connection: uvicorn's protocol, stricter, bounded, and with problem documents where it answers text.

A request that is malformed or over a bound still goes to the application, with the problem in its scope (`PROBLEM`).
`refusals` raises the problem, so its answer has a request id, a log line and headers as every other answer.

What is refused here could be read in two ways, by a proxy and by the gateway (request smuggling). An answer that is
given before its whole request has arrived is the last one of its connection.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

import httptools
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from asynctask_core.json_text import show
from asynctask_gateway.problems import HttpProblem, HttpReason

PROBLEM: Final = "asynctask.problem"
"""Key in the scope of a request: an HttpProblem that the protocol found."""
URL_BYTES: Final = 16 << 10
HEAD_BYTES: Final = 64 << 10
"""URL and headers together."""
HEAD_S: Final = 30.0
"""A connection must send the whole head of a request within this time, counted from its first byte."""
LINGER_S: Final = 30.0
"""What a peer still sends after its last answer is read and dropped for so long: closing at once would reset the
connection, and the peer would lose the answer.
"""
STALL_S: Final = 60.0
"""A peer that takes no byte of its answer for so long is disconnected."""
_VERSIONS: Final = ("1.0", "1.1")
_ABSOLUTE: Final = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)


class HttpProtocol(HttpToolsProtocol):
    """One connection."""

    app: Any  # uvicorn's own type is partly unknown

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # uvicorn would answer text; `_start_asgi_task` refuses instead.
        self._most_connections, self.limit_concurrency = self.limit_concurrency, None
        self._is_in_head = False
        self._head_bytes = 0
        self._is_deaf = False
        """Whether the rest of what the peer sends is dropped."""
        self._is_leaving = False
        self._is_excess = False
        """Whether there were as many connections as there may be before this one."""
        self._running: Any = None
        """The request that is answered now; `cycle` is the last one that has arrived."""
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # pyright: ignore[reportArgumentType] - uvicorn's own narrowing
        self._is_excess = (
            self._most_connections is not None and len(self.connections) > self._most_connections
        )
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._head_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)
        # uvicorn tells the last request only. One before it, such as an event stream, would go on without a reader.
        running = self._running
        if running is not None and not running.response_complete:
            running.disconnected = True
            running.message_event.set()

    def data_received(self, data: bytes) -> None:
        if self._is_deaf:
            return
        assert self.parser is not None, "the connection is open"
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # The request is answered as HTTP/1.1; what follows may be another protocol already.
            self._is_deaf = True
        except httptools.HttpParserError as error:
            self._refuse(_problem_of(error))
        else:
            if self._is_in_head:
                # The parser keeps an unfinished header to itself.
                self._count(len(data))

    # --- called by the parser -----------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._unset_keepalive_if_required()
        self._is_in_head, self._head_bytes = True, 0
        self._await_head()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > URL_BYTES:
            raise HttpProblem(HttpReason.URL_TOO_LONG, f"the URL must be at most {URL_BYTES:,} bytes")

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._is_in_head:
            return  # a trailer after a chunked body: it must not pass for a header
        super().on_header(name, value)
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > HEAD_BYTES:
            raise _head_too_large()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._stop_awaiting_head()
        assert self.parser is not None, "it calls this"
        if fault := _ambiguity(self.parser.get_http_version(), self.url, self.headers):
            raise HttpProblem(HttpReason.MALFORMED_REQUEST, fault)
        super().on_headers_complete()
        self.scope["path"] = path_in_parts(self.scope["raw_path"])

    # --- bounds of time and size --------------------------------------------------------------------------------------

    def _await_head(self) -> None:
        self._stop_awaiting_head()
        self._head_timer = self.loop.call_later(HEAD_S, self._end_the_wait)

    def _end_the_wait(self) -> None:
        if self._is_in_head:
            late = f"URL and headers must arrive within {HEAD_S:g} s"
            self._refuse(HttpProblem(HttpReason.REQUEST_TOO_SLOW, late))
        else:
            self.transport.close()  # it never sent a byte, as connections do that browsers open in advance

    def _stop_awaiting_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()

    def _count(self, more: int) -> None:
        self._head_bytes += more
        if self._head_bytes > HEAD_BYTES + URL_BYTES:
            self._refuse(_head_too_large())

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader(None)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()

    def _watch_reader(self, unread_before: int | None) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread_before is not None and unread >= unread_before:
            self.transport.abort()
        else:
            self._stall_timer = self.loop.call_later(STALL_S, self._watch_reader, unread)

    # --- answers ------------------------------------------------------------------------------------------------------

    def _refuse(self, problem: HttpProblem) -> None:
        self._is_deaf = True
        self._stop_awaiting_head()
        cycle: Any = self.cycle  # None before the first request
        if cycle is not None and cycle.more_body:
            # The application may be reading this body: `body.read_body` raises the problem at its end.
            cycle.scope[PROBLEM] = problem
            cycle.more_body = False
            cycle.message_event.set()
            return
        if not self._is_in_head:
            self.on_message_begin()
            self._stop_awaiting_head()
        self._answer_broken_head(problem)

    def _answer_broken_head(self, problem: HttpProblem) -> None:
        path = self.url[:200].decode("latin-1")
        scope: Any = self.scope
        scope |= {"method": "?", "path": path, "raw_path": b"", "query_string": b"", PROBLEM: problem}
        before: Any = self.cycle
        self.cycle = RequestResponseCycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=False,
            on_response=self.on_response_complete,
        )
        self.cycle.more_body = False
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.pipeline.appendleft((self.cycle, self.app))

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        if self._is_excess:
            said = f"at most {self._most_connections:,} connections; connect again"
            scope: Any = cycle.scope
            scope.setdefault(PROBLEM, HttpProblem(HttpReason.TOO_MANY_CONNECTIONS, said))
            cycle.keep_alive = False  # the next connection may find room
        answer: Any = partial(self._answer, cycle, app)
        super()._start_asgi_task(cycle, answer)

    async def _answer(
        self, cycle: RequestResponseCycle, app: Any, scope: Scope, receive: Receive, send: Send
    ) -> None:
        async def send_as_last(message: Message) -> None:
            is_incomplete = cycle.more_body or (self._is_deaf and cycle is self.cycle)
            if is_incomplete and message["type"] == "http.response.start":
                cycle.keep_alive = False
            elif is_incomplete and not message.get("more_body"):
                cycle.keep_alive = True  # so that uvicorn leaves the closing to `on_response_complete`
                self._is_leaving = True
            await send(message)

        await app(scope, receive, send_as_last)

    def on_response_complete(self) -> None:
        if not self._is_leaving:
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self._is_deaf = True
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_S, self.transport.close)


def path_in_parts(raw_path: bytes) -> str:
    """A path for the router, each part decoded. A slash within a part stays `%2F`, so it separates nothing."""
    parts = map(unquote, raw_path.decode("ascii").split("/"))
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def _problem_of(error: httptools.HttpParserError) -> HttpProblem:
    if isinstance(error, httptools.HttpParserCallbackError):
        if isinstance(error.__context__, HttpProblem):
            return error.__context__
        return HttpProblem(HttpReason.MALFORMED_REQUEST, "the URL must be a path, such as /api/v1/tasks")
    return HttpProblem(HttpReason.MALFORMED_REQUEST, f"this is no valid HTTP/1.1: {error}")


def _head_too_large() -> HttpProblem:
    return HttpProblem(HttpReason.HEADERS_TOO_LARGE, f"the headers must be at most {HEAD_BYTES:,} bytes")


def _ambiguity(version: str, url: bytes, headers: Sequence[tuple[bytes, bytes]]) -> str:
    """What is wrong with a head that the parser takes; empty if nothing is."""
    if version not in _VERSIONS:
        return f"the HTTP version must be 1.0 or 1.1; got {version}"
    codings = [value for name, value in headers if name == b"transfer-encoding"]
    if codings and (version == "1.0" or [one.strip().lower() for one in codings] != [b"chunked"]):
        given = show(b", ".join(codings).decode("latin-1"))
        return f"Transfer-Encoding must be chunked, and only of HTTP/1.1; got {given} in HTTP/{version}"
    hosts = [value for name, value in headers if name == b"host"]
    absolute = _ABSOLUTE.match(url)
    if absolute and [absolute[1].lower()] != [one.strip().lower() for one in hosts]:
        return f"the host of the URL must be that of the Host header; got {show(absolute[1].decode())}"
    return ""
