"""Recognizes errors with which Redis refuses writes, and words the cause for people."""

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
"""Errors from whose messages the driver removes the first word."""
_IN_SCRIPT: Final = re.compile(r" script: (\w+, )?on @user_script:\d+\.?$")
"""The place in a script that Redis or Valkey adds to its message."""


def said(error: BaseException) -> str:
    """The message of Redis without the place in a script, which does not help its readers."""
    return _IN_SCRIPT.sub("", str(error))


def write_refusal(error: BaseException) -> str:
    """Why Redis refused to write, as a clause for people; empty when `error` is no such refusal."""
    if not isinstance(error, driver_errors.RedisError):
        return ""
    word = _CLASSES.get(type(error)) or str(error).partition(" ")[0]
    cause = _CAUSES.get(word)
    return f"{cause}: {said(error).removeprefix(word).strip().rstrip('.')}" if cause else ""
