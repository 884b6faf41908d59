"""Who may use the gateway until there are accounts: everybody on this machine, else those that have the token.

Programs send the token as a bearer. A browser sends it once, to the sign-in, and gets a session: a signed time of its
end, which every replica with the same token can check. The token itself is in no URL and in no cookie.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from asynctask_gateway.problems import HttpProblem, HttpReason

COOKIE: Final = "asynctask_session"
SESSION_S: Final = 12 * 3600


class TokenSessions:
    """Makes and checks sessions of one token."""

    def __init__(self, token: str, *, clock: Callable[[], float] = time.time) -> None:
        self._token = token.encode()
        self._clock = clock

    @property
    def needs_token(self) -> bool:
        """Whether a caller must have the token; otherwise the gateway is open."""
        return bool(self._token)

    def is_token(self, given: str) -> bool:
        """Whether `given` is the token; takes the same time for every wrong one."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._token)

    def begin(self) -> str:
        """A session for a browser that gave the token."""
        said = f"{int(self._clock()) + SESSION_S}.{secrets.token_urlsafe(12)}"
        return f"{said}.{self._signature(said)}"

    def is_session(self, value: str) -> bool:
        """Whether a session was made with this token and has not ended."""
        said, _, signature = value.rpartition(".")
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(said).encode()):
            return False
        return int(said.partition(".")[0]) > self._clock()

    def _signature(self, said: str) -> str:
        return hmac.new(self._token, b"session " + said.encode("utf-8", "replace"), sha256).hexdigest()


class Access:
    """Lets requests pass that have the token or a session; the sign-in and the console's files need neither."""

    def __init__(self, app: ASGIApp, sessions: TokenSessions, guarded: Callable[[str], bool]) -> None:
        self._app = app
        self._sessions = sessions
        self._guarded = guarded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. Raises HttpProblem."""
        if scope["type"] == "http" and self._sessions.needs_token and self._guarded(scope["path"]):
            scope["asynctask.caller"] = self._caller(Headers(scope=scope))
        await self._app(scope, receive, send)

    def _caller(self, headers: Headers) -> str:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme:
            if scheme.lower() == "bearer" and self._sessions.is_token(token.strip()):
                return "program"
            raise _refused("Authorization must be `Bearer` and the token of this gateway")
        session = session_of(headers)
        if session and self._sessions.is_session(session):
            return "console"
        if session:
            raise _refused("the session has ended: sign in again")
        raise _refused("send the token of this gateway as `Authorization: Bearer …`, or sign in")


def session_of(headers: Headers) -> str:
    """The session in a request's cookies; empty without one."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _refused(why: str) -> HttpProblem:
    return HttpProblem(HttpReason.TOKEN_REQUIRED, why, {"WWW-Authenticate": 'Bearer realm="asynctask"'})
