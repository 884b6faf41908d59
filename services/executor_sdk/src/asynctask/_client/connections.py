"""A client's channels to the addresses of its scheduler, and its log lines while none answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from asynctask._channel import call_error
from asynctask._client.api import Service
from asynctask._client.stubs import stub_of
from asynctask._grpc import grpc
from asynctask._options import ADDRESS_HINT
from asynctask.errors import AsyncTaskError, NotReady, Unreachable

ChannelT = TypeVar("ChannelT")

_log = logging.getLogger("asynctask.client")

TELL_AFTER_S: Final = 1.0
"""An outage that lasts longer than this is logged; the replacement of a scheduler takes less."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Log events for the begin and the end of an outage."""

    begin: str
    end: str
    hint: str = ""


_NOT_REACHED: Final = _Words(
    "scheduler.not_reached",
    "scheduler.reached_again",
    ADDRESS_HINT,
)
_UNAVAILABLE: Final = _Words("cluster.unavailable", "cluster.available_again")
"""A scheduler answers, so its address is right: a store is unreachable, or the scheduler stops."""


class Connections(Generic[ChannelT]):
    """Opens channels when they are needed. May be used from any thread."""

    def __init__(self, addresses: Sequence[str], open_channel: Callable[[str], ChannelT]) -> None:
        self._addresses = addresses
        self._open_channel = open_channel
        self._lock = threading.Lock()
        self._turn = 0
        self._channels: dict[str, ChannelT] = {}
        self._stubs: dict[tuple[Service, str], Any] = {}
        self._told: _Words | None = None
        self.closed: bool = False

    def __len__(self) -> int:
        """How many addresses there are to try."""
        return len(self._addresses)

    @property
    def address(self) -> str:
        """The address for the next call."""
        return self._addresses[self._turn % len(self._addresses)]

    def stub(self, service: Service, address: str) -> Any:
        """A stub of an address."""
        with self._lock:
            if self.closed:
                raise RuntimeError("the client is closed")
            stub = self._stubs.get((service, address))
            if stub is None:
                channel = self._channels.get(address)
                if channel is None:
                    channel = self._channels[address] = self._open_channel(address)
                stub = self._stubs[service, address] = stub_of(service, channel)
        return stub

    def error_of(self, broken: grpc.RpcError, address: str) -> AsyncTaskError:
        """The error of a failed call for its caller; the next call goes to another address if that may help."""
        if self.closed:
            return self.closed_error()
        error = call_error(broken, address)
        self.next_address(error, address)
        return error

    def next_address(self, error: AsyncTaskError, address: str) -> None:
        """Switch to the next address if another scheduler may not have this error. Of calls that fail together only the
        first one switches: otherwise each would skip an address.
        """
        with self._lock:
            if error.retryable and address == self.address:
                self._turn += 1

    @staticmethod
    def closed_error() -> AsyncTaskError:
        """The error of a call that was in flight when the client was closed."""
        return NotReady("the client was closed while the call was in flight")

    def close(self) -> list[ChannelT]:
        """Open no more channels; returns those that are to be closed."""
        with self._lock:
            self.closed = True
            channels = list(self._channels.values())
            self._channels.clear()
            self._stubs.clear()
        return channels

    # --- outages ------------------------------------------------------------------------------------------------------

    def failed(self, error: AsyncTaskError, waited_s: float, again: str) -> None:
        """A call failed after `waited_s` in all and is repeated: log that, once until the next answer."""
        if self._told or waited_s < TELL_AFTER_S:
            return
        self._told = words = _NOT_REACHED if isinstance(error, Unreachable) else _UNAVAILABLE
        _log.warning("%s: %s; trying again %s%s", words.begin, error, again, words.hint)

    def answered(self) -> None:
        """A scheduler answered: log the end of an outage."""
        if words := self._told:
            self._told = None
            _log.warning("%s: %s", words.end, self.address)
