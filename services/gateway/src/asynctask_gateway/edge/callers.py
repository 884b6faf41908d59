"""Who acts, as the scheduler writes it beside each command."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from asynctask_core import limits
from asynctask_core.printable import one_line

ACTOR_HEADER: Final = "x-asynctask-actor"
"""A program that acts for its own users names them; until there are accounts, the gateway cannot check it."""


def actor_of(request: Request) -> str:
    """The name of the caller: as the request claims it, else by where it comes from."""
    claimed = request.headers.get(ACTOR_HEADER, "").encode("latin-1", "replace").decode("utf-8", "replace")
    host = request.client.host if request.client else "unknown"
    name = claimed.strip() or f"{request.scope.get('asynctask.caller', 'web')}@{host}"
    return one_line(name)[: limits.ACTOR_CHARS]
