"""The body of a request: its format, and bounds of size and time."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import Request

from asynctask_gateway.problems import HttpProblem, HttpReason

BODY_S: Final = 30.0
_JSON_TYPES: Final = ("application/json", "application/merge-patch+json")


async def read_body(request: Request, most_bytes: int) -> bytes:
    """Read the whole body.

    Raises:
        HttpProblem: it is too large, or arrives too slowly.
    """
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
        raise HttpProblem(
            HttpReason.REQUEST_TOO_SLOW, f"the body must arrive within {BODY_S:g} s", {"Connection": "close"}
        ) from None
    return b"".join(parts)


def _too_large(most_bytes: int) -> HttpProblem:
    # Closed, since the rest of the body would be read as the next request.
    return HttpProblem(
        HttpReason.BODY_TOO_LARGE, f"the body must be at most {most_bytes:,} bytes", {"Connection": "close"}
    )


def check_json(content_type: str) -> None:
    """Take JSON only: a form of a foreign page cannot send it without asking the browser first. Raises HttpProblem."""
    kind, _, parameters = content_type.partition(";")
    charset = parameters.lower().replace('"', "").replace(" ", "")
    if kind.strip().lower() not in _JSON_TYPES or (charset and charset != "charset=utf-8"):
        raise HttpProblem(
            HttpReason.WRONG_MEDIA_TYPE,
            f"Content-Type must be application/json, in UTF-8; got {content_type[:80] or 'none'!r}",
            headers={"Accept-Post": "application/json"},
        )
