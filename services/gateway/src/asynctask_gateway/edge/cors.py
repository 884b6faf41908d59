"""Lets pages of the sites that the settings name use the REST API (CORS). Without such sites it is not in place.

A browser asks before it sends JSON: the answer to that has no body. A page of any other site gets the same answers as a
program does, which its browser keeps from it. Cookies are never allowed: such pages send the token as a bearer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SHOWN: Final = "ETag, Link, Retry-After, X-Request-ID"
_ASKED: Final = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
    "Last-Event-ID, X-AsyncTask-Actor, X-Request-ID",
    "Access-Control-Max-Age": "600",
}


class AllowedOrigins:
    """Adds what a browser wants to see before it shows an answer to a page of an allowed site."""

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self._app = app
        self._origins = {one.rstrip("/").lower() for one in origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        if origin.lower() not in self._origins:
            await self._app(scope, receive, send)
            return

        async def send_to_page(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                sent["Access-Control-Allow-Origin"] = origin
                sent["Access-Control-Expose-Headers"] = _SHOWN
                sent.add_vary_header("Origin")
            await send(message)

        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await Response(status_code=204, headers=_ASKED)(scope, receive, send_to_page)
        else:
            await self._app(scope, receive, send_to_page)
