"""Generated from caller.py by `./dev blocking`: the same calls, for the blocking client."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

from asynctask._client.api import ClientCall

R = TypeVar("R")


class BlockingCaller(ABC):
    """Makes calls; the client does, and its groups of calls extend this."""

    @abstractmethod
    def _call(self, call: ClientCall[R]) -> R:
        """Make one call. Raises AsyncTaskError."""
