"""The base of the async client's groups of calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

from asynctask._client.api import ClientCall

R = TypeVar("R")


class Caller(ABC):
    """Base of the groups of calls; the client implements `_call`."""

    @abstractmethod
    async def _call(self, call: ClientCall[R]) -> R:
        """Make one call. Raises AsyncTaskError."""
