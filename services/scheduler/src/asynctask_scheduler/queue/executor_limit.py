"""The error for new executors when the cluster remembers the maximum number of them."""

from __future__ import annotations

from typing import Final

from asynctask_core import limits
from asynctask_core.errors import Overloaded

RETRY_AFTER_MS: Final = 5_000


def too_many_executors() -> Overloaded:
    """Build the error for a new executor when the maximum number of executors is remembered."""
    return Overloaded(
        f"this cluster knows {limits.EXECUTORS:,} executors already, the most it may; a new one is admitted once "
        "another stops, or holds no tasks and was not seen for a minute",
        retry_after_ms=RETRY_AFTER_MS,
    )
