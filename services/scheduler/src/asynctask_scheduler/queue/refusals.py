"""Redis answers, and would write if it could: which of its errors say so, and why, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import redis.exceptions as driver_errors

_CAUSES: Final = {
    "OOM": "its memory is full (maxmemory)",
    "MISCONF": "it cannot save to its disk, which may be full",
    "NOREPLICAS": "too few of its replicas are connected (min-replicas-to-write)",
    "READONLY": "it is a replica, which follows another server",
}
_CLASSES: Final[Mapping[type[Exception], str]] = {
    driver_errors.ReadOnlyError: "READONLY",
    driver_errors.OutOfMemoryError: "OOM",
}
"""The driver takes these words off its messages."""
_IN_SCRIPT: Final = re.compile(r" script: (\w+, )?on @user_script:\d+\.?$")
"""Where in a script Redis, or Valkey, gave such an answer: it may be any write of it."""


def said(error: BaseException) -> str:
    """What Redis said, without the place in a script, which says nothing to those who read this."""
    return _IN_SCRIPT.sub("", str(error))


def write_refusal(error: BaseException) -> str:
    """Why Redis refused to write, as a clause for people; empty when `error` says something else."""
    if not isinstance(error, driver_errors.RedisError):
        return ""
    word = _CLASSES.get(type(error)) or str(error).partition(" ")[0]
    cause = _CAUSES.get(word)
    return f"{cause}: {said(error).removeprefix(word).strip().rstrip('.')}" if cause else ""
