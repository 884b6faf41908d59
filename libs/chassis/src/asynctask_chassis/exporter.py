"""`/metrics` and `/healthz` over plain HTTP, answered by the service's own event loop.

This is intended: a service whose event loop hangs does not answer, and is restarted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

REQUEST_SECONDS = 5.0
REQUEST_BYTES = 16 << 10


class Exporter:
    """Serves the metrics of one registry until its block ends."""

    def __init__(
        self, address: str, registry: CollectorRegistry, *, is_healthy: Callable[[], bool] = lambda: True
    ) -> None:
        """Prepare for `address` (`host:port`, port 0 takes a free one).

        Args:
            is_healthy: `/healthz` answers 503 while it is false.
        """
        host, _, port = address.rpartition(":")
        if not port.isascii() or not port.isdigit():
            raise ValueError(f"{address!r} is not host:port")
        self._host = host.strip("[]")
        self._wanted_port = int(port)
        self._registry = registry
        self._is_healthy = is_healthy
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The real port, once started."""
        assert self._server is not None, "not started"
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Bind and serve.

        Raises:
            OSError: the address cannot be bound.
        """
        self._server = await asyncio.start_server(
            self._answer, self._host, self._wanted_port, limit=REQUEST_BYTES
        )

    async def stop(self) -> None:
        """Stop listening; answers in progress are short and end by themselves."""
        if self._server is not None:
            self._server.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self._response(head.decode("latin-1")))
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.transport.abort()

    def _response(self, head: str) -> bytes:
        request, *lines = head.split("\r\n")
        method, _, rest = request.partition(" ")
        path = rest.partition(" ")[0].partition("?")[0]
        if method not in ("GET", "HEAD"):
            return _http("405 Method Not Allowed", "text/plain", b"only GET and HEAD\n", method)
        if path == "/metrics":
            fields = (line.partition(":") for line in lines)
            headers = {name.strip().lower(): value.strip() for name, _, value in fields}
            encode, content_type = choose_encoder(headers.get("accept", ""))
            return _http("200 OK", content_type, encode(self._registry), method)
        if path == "/healthz":
            if self._is_healthy():
                return _http("200 OK", "text/plain", b"ok\n", method)
            return _http("503 Service Unavailable", "text/plain", b"not ready\n", method)
        return _http("404 Not Found", "text/plain", b"/metrics and /healthz are here\n", method)


def _http(status: str, content_type: str, body: bytes, method: str) -> bytes:
    head = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + (b"" if method == "HEAD" else body)
