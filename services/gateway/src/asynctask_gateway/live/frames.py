"""Server-sent events as text (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from asynctask_core.json_text import json_utf8

MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT_S: Final = 1.0
"""A browser that hears nothing for 2.5 times as long says that its connection is silent."""


def frame(data: Mapping[str, Any], *, token: str = "", event: str = "") -> bytes:
    """One event; `token` becomes the id that a browser sends back as `Last-Event-ID`."""
    head = (f"event: {event}\n" if event else "") + (f"id: {token}\n" if token else "")
    return head.encode() + b"data: " + json_utf8(data) + b"\n\n"


def heartbeat() -> bytes:
    """A comment with the gateway's time in milliseconds, by which a browser counts ages."""
    return f": {time.time_ns() // 1_000_000}\n\n".encode()


def tasks_frame(bodies: Sequence[bytes], token: str, *, caught_up: bool) -> bytes:
    """An event of a watch, as `frame` would write it, from tasks that are encoded already."""
    head = f"id: {token}\n".encode() if token else b""
    rest = f'"resume_token":"{token}","caught_up":{"true" if caught_up else "false"}'.encode()
    return b'%sdata: {"tasks":[%s],%s}\n\n' % (head, b",".join(bodies), rest)
