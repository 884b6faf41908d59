"""The body of a request: its format, and bounds of size and time."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect, Request

from asynctask_core.json_text import show
from asynctask_gateway.edge.http_protocol import PROBLEM
from asynctask_gateway.problems import HttpProblem, HttpReason

BODY_S: Final = 30.0
_JSON_TYPE: Final = "application/json"


async def read_body(request: Request, most_bytes: int) -> bytes:
    """Read the whole body.

    Raises:
        HttpProblem: it is compressed, too large, arrives too slowly or not whole.
    """
    coding = request.headers.get("content-encoding", "identity")
    if coding.strip().lower() != "identity":
        raise HttpProblem(
            HttpReason.WRONG_MEDIA_TYPE,
            f"the body must be sent as it is, without Content-Encoding; got {show(coding)}",
            headers={"Accept-Encoding": "identity"},
        )
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > most_bytes:
        raise _too_large(most_bytes)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_S):
            async for part in request.stream():
                size += len(part)
                if size > most_bytes:
                    raise _too_large(most_bytes)
                parts.append(part)
    except TimeoutError:
        raise HttpProblem(HttpReason.REQUEST_TOO_SLOW, f"the body must arrive within {BODY_S:g} s") from None
    except ClientDisconnect:
        raise HttpProblem(HttpReason.MALFORMED_REQUEST, "the connection ended before the body") from None
    if PROBLEM in request.scope:
        raise request.scope[PROBLEM]  # such as a malformed chunk: what was read is not the whole body
    return b"".join(parts)


def _too_large(most_bytes: int) -> HttpProblem:
    return HttpProblem(HttpReason.BODY_TOO_LARGE, f"the body must be at most {most_bytes:,} bytes")


def check_json(content_type: str) -> None:
    """Take JSON only: a form of a foreign page cannot send it without asking the browser first. Raises HttpProblem."""
    kind, _, parameters = content_type.partition(";")
    charset = parameters.lower().replace('"', "").replace(" ", "")
    if kind.strip().lower() != _JSON_TYPE or (charset and charset != "charset=utf-8"):
        raise HttpProblem(
            HttpReason.WRONG_MEDIA_TYPE,
            f"Content-Type must be application/json, in UTF-8; got {content_type[:80] or 'none'!r}",
            headers={"Accept-Post": "application/json"},
        )
