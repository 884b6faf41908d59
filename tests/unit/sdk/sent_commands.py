"""What a command of a client sends."""

from __future__ import annotations

from typing import Any

from asynctask._client.api import ClientCall
from asynctask._client.blocking_commanding import BlockingCommanding


class _Sending(BlockingCommanding):
    """Keeps the last call and makes none."""

    request: Any = None

    def _call(self, call: ClientCall[Any]) -> Any:
        self.request = call.request


def sent(command: str, *arguments: Any, **options: Any) -> Any:
    """The request of a command."""
    sending = _Sending()
    getattr(sending, command)(*arguments, **options)
    return sending.request
