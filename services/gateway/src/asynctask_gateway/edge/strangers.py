"""Refuses requests that a page of another site sends through the user's browser.

A page may make the browser call an address of this machine, also under a name of its own (DNS rebinding). So on a
loopback address `Host` must be this gateway's; and on every address a request that changes something, and says that it
comes from a page, must come from a page of this gateway.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from asynctask_core.json_text import show
from asynctask_gateway.own_addresses import host_of
from asynctask_gateway.problems import HttpProblem, HttpReason

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class NoStrangers:
    """Checks `Host` and `Origin` of every request."""

    def __init__(
        self, app: ASGIApp, *, hosts: Iterable[str], origins: Iterable[str], is_loopback: bool
    ) -> None:
        """`hosts`: names of this gateway; `origins`: other sites whose pages may act. Without names any host is right,
        except on a loopback address.
        """
        self._app = app
        self._named = {host_of(one) for one in hosts} - {""}
        self._hosts = self._named | LOOPBACK if is_loopback or self._named else None
        self._origins = {one.rstrip("/").lower() for one in origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. Raises HttpProblem."""
        if scope["type"] == "http":
            self._check(scope)
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        given = headers.getlist("host")
        if len(given) != 1:
            raise HttpProblem(
                HttpReason.MALFORMED_REQUEST, f"there must be one Host header; got {len(given)}"
            )
        host = host_of(given[0])
        if self._hosts is not None and host not in self._hosts:
            raise HttpProblem(
                HttpReason.HOST_REFUSED,
                f"Host must be a name of this gateway (setting `hosts`); got {show(given[0])}",
            )
        origin = headers.get("origin")
        if scope["method"] in _SAFE or (origin is None and headers.get("sec-fetch-site") != "cross-site"):
            return
        if origin is None or not self._is_own(origin.lower(), given[0].strip().lower()):
            raise HttpProblem(
                HttpReason.ORIGIN_REFUSED,
                f"a page of another site may not act here (setting `cors_origins`); got {show(origin or 'cross-site')}",
            )

    def _is_own(self, origin: str, host: str) -> bool:
        scheme, _, place = origin.partition("://")
        port = ":443" if scheme == "https" else ":80"
        is_same = bool(place) and place.removesuffix(port) == host.removesuffix(port)
        # A proxy may give another Host than the one that the browser shows.
        return is_same or origin in self._origins or host_of(place) in self._named
