"""What the calls of the async client are made with."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

from asynctask._client.api import ClientCall

R = TypeVar("R")


class Caller(ABC):
    """Makes calls; the client does, and its groups of calls extend this."""

    @abstractmethod
    async def _call(self, call: ClientCall[R]) -> R:
        """Make one call. Raises AsyncTaskError."""
