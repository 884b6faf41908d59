"""The client of one command, and the context that prints its errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from asynctask_standalone.cli.deferred import load_grpc
from asynctask_standalone.cli.exits import errors_told
from asynctask_standalone.cli.knock import QUICK_S, knock
from asynctask_standalone.cli.wording import sent_to

if TYPE_CHECKING:
    import grpc

    from asynctask.blocking import Client


@contextmanager
def client(address: str, *, as_json: bool) -> Iterator[Client]:
    """A client of the cluster at `address`; errors inside the block end the command with their text and exit code."""
    with sent_to(address), errors_told(as_json=as_json):
        knock(address)
        # Imported only now, because grpc takes longer to load than the help text takes to print.
        load_grpc()
        from asynctask.blocking import Client

        with Client(address) as connected:
            yield connected


def asked(
    address: str, stub: Callable[[grpc.Channel], Any], method: str, request: Any, *, timeout_s: float
) -> Any:
    """The answer to a call that the client does not have and that may be repeated, of the first scheduler of `address`
    that gives one.

    Raises:
        AsyncTaskError: as the last scheduler answered, or as the first one that did answer.
    """
    load_grpc()
    import grpc

    from asynctask._channel import call_error
    from asynctask_core.errors import TryAgain

    places = [place.strip() for place in address.split(",")]
    for place in places:
        with channel(place) as connected:
            try:
                if place != places[-1]:
                    grpc.channel_ready_future(connected).result(timeout=QUICK_S)
                return getattr(stub(connected), method)(request, timeout=timeout_s)
            except grpc.FutureTimeoutError:
                continue  # it is away or silent
            except grpc.RpcError as broken:
                error = call_error(broken, place)
                if place == places[-1] or not isinstance(error, TryAgain):
                    raise error from None
    raise AssertionError


def channel(place: str) -> grpc.Channel:
    """A channel for calls that the client does not have; like the client, with TLS if the environment asks for it."""
    load_grpc()
    from asynctask._channel import open_sync
    from asynctask._tls import resolve_credentials

    return open_sync(place, resolve_credentials(None))
