"""The session of a browser: sign in with the token, look whether one is signed in, sign out."""

from __future__ import annotations

from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.json_text import decode_json
from asynctask_gateway.edge.access import COOKIE, SESSION_S, TokenSessions, session_of
from asynctask_gateway.edge.body import check_json, read_body
from asynctask_gateway.problems import HttpProblem, HttpReason


class SignIn:
    """`/api/session`."""

    def __init__(self, sessions: TokenSessions, *, path: str) -> None:
        """`path`: the base path, for which the cookie counts."""
        self._sessions = sessions
        self._path = path or "/"

    async def look(self, request: Request) -> Response:
        """GET: whether a token is needed, and whether this browser has a session."""
        signed_in = not self._sessions.needs_token or self._sessions.is_session(session_of(request.headers))
        found = {"needs_token": self._sessions.needs_token, "signed_in": signed_in}
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    async def begin(self, request: Request) -> Response:
        """POST `{"token": …}`: begin a session."""
        body = await read_body(request, 16 << 10)
        check_json(request.headers.get("content-type", ""))
        if not self._sessions.is_token(_token(body)):
            raise HttpProblem(HttpReason.TOKEN_REQUIRED, "this is not the token of this gateway")
        response = JSONResponse(
            {"needs_token": True, "signed_in": True}, headers={"Cache-Control": "no-store"}
        )
        response.set_cookie(
            COOKIE,
            self._sessions.begin(),
            max_age=SESSION_S,
            path=self._path,
            secure=_is_secure(request),
            httponly=True,
            samesite="strict",
        )
        return response

    async def end(self, request: Request) -> Response:
        """DELETE: end the session of this browser."""
        response = JSONResponse({"needs_token": self._sessions.needs_token, "signed_in": False})
        response.delete_cookie(
            COOKIE, path=self._path, secure=_is_secure(request), httponly=True, samesite="strict"
        )
        return response


def _is_secure(request: Request) -> bool:
    """Whether the browser uses HTTPS, which a proxy before the gateway may end."""
    return request.url.scheme == "https" or request.headers.get("origin", "").lower().startswith("https://")


def _token(body: bytes) -> str:
    try:
        value = decode_json(body.decode())
    except (ValueError, RecursionError):
        value = None
    token = cast("dict[str, Any]", value).get("token") if isinstance(value, dict) else None
    if not isinstance(token, str):
        raise InvalidInput([FieldViolation("token", "must be a text in a JSON object")])
    return token
