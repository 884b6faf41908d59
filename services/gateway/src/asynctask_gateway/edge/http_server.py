"""The HTTP server (uvicorn) inside the event loop of the service."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import uvicorn
from starlette.types import ASGIApp

from asynctask_chassis.supervision import supervised
from asynctask_gateway.edge.http_protocol import HttpProtocol

KEEP_ALIVE_S: Final = 75
BACKLOG: Final = 1024


class _Server(uvicorn.Server):
    """Without signal handlers: the service has its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """Serves an application until its block ends; then requests in progress have `grace_s` to end."""

    def __init__(
        self,
        app: ASGIApp,
        address: str,
        *,
        tls: tuple[Path, Path] | None = None,
        connections: int,
        grace_s: float,
    ) -> None:
        """`address`: `host:port`, port 0 takes a free one; `tls`: PEM files of the certificate and its key."""
        host, _, port = address.rpartition(":")
        if not port.isascii() or not port.isdigit() or int(port) > 65535:
            raise ValueError(f"{address!r} is not host:port")
        self._host, self._port = host.strip("[]"), int(port)
        self._socket: socket.socket | None = None
        self._serving: asyncio.Task[None] | None = None
        self._server = _Server(
            uvicorn.Config(
                app,
                http=HttpProtocol,
                ws="none",
                lifespan="off",
                loop="none",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                date_header=True,
                proxy_headers=False,
                limit_concurrency=connections,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=max(1, int(grace_s)),
                ssl_certfile=tls[0] if tls else None,
                ssl_keyfile=tls[1] if tls else None,
                ssl_version=ssl.PROTOCOL_TLS_SERVER,
            )
        )

    @property
    def address(self) -> str:
        """The real `host:port`, once started."""
        assert self._socket is not None, "not started"
        host, port = self._socket.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def __aenter__(self) -> Self:
        """Bind and serve. Raises OSError: the address cannot be bound."""
        self._socket = _bound(self._host, self._port)
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        self._serving = supervised(serving, "the HTTP server")
        while not self._server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.005)
        if serving.done():
            serving.result()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        if self._serving is not None:
            await asyncio.wait([self._serving])


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if host and family == socket.AF_INET:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(BACKLOG)
        bound.setblocking(False)
    except OSError:
        bound.close()
        raise
    return bound
