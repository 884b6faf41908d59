"""Generated from caller.py by `./dev blocking`: the same calls, for the blocking client."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

from asynctask._client.api import ClientCall

R = TypeVar("R")


class BlockingCaller(ABC):
    """Base of the groups of calls; the client implements `_call`."""

    @abstractmethod
    def _call(self, call: ClientCall[R]) -> R:
        """Make one call. Raises AsyncTaskError."""
