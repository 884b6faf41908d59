"""Each request has an id, a line in the log at its end, and counts in the metrics."""

from __future__ import annotations

import re
import time
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from asynctask_chassis.logs import bound, get_logger
from asynctask_core.ids import id_text, new_id
from asynctask_core.json_text import cut
from asynctask_core.printable import one_line
from asynctask_gateway.metrics import GatewayMetrics

log = get_logger(__name__)

HEADER: Final = "X-Request-ID"
_ACCEPTED: Final = re.compile(r"[\w.:/+=@-]{1,128}", re.ASCII)


class RequestLog:
    """Outermost: it sees the answer that the caller gets."""

    def __init__(self, app: ASGIApp, metrics: GatewayMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER.lower(), "")
        request_id = given if _ACCEPTED.fullmatch(given) else id_text(new_id())
        scope["asynctask.request_id"] = request_id
        status = 0
        begun = time.perf_counter()

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with bound(request_id=request_id):
            try:
                await self._app(scope, receive, send_named)
            finally:
                self._finish(scope, status, time.perf_counter() - begun)

    def _finish(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("asynctask.route", "other")
        self._metrics.handled.labels(scope["method"] if route != "other" else "any", route, str(status)).inc()
        if not scope.get("asynctask.is_stream"):
            self._metrics.seconds.labels(route).observe(seconds)
        write = log.warning if status >= 500 else log.info if status >= 400 else log.debug
        client = scope.get("client")
        write(
            "request.answered",
            method=scope["method"],
            path=cut(one_line(scope["path"])),
            status=status,
            elapsed_ms=round(seconds * 1000, 1),
            peer=client[0] if client else "",
        )
