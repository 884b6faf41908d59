"""The refusal of new executors by a cluster that remembers as many as it may."""

from __future__ import annotations

from typing import Final

from asynctask_core import limits
from asynctask_core.errors import Overloaded

RETRY_AFTER_MS: Final = 5_000


def too_many_executors() -> Overloaded:
    """The error for an executor that is new where as many are remembered as may be."""
    return Overloaded(
        f"this cluster knows {limits.EXECUTORS:,} executors already and remembers no more; a new one is let in once "
        "another stops, or holds no tasks and was not seen for a minute",
        retry_after_ms=RETRY_AFTER_MS,
    )
