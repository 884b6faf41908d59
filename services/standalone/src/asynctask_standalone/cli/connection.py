"""The client of one command, and the context in which its errors are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from asynctask_standalone.cli.exits import errors_told
from asynctask_standalone.cli.knock import knock

if TYPE_CHECKING:
    from asynctask.blocking import Client


@contextmanager
def client(address: str, *, as_json: bool) -> Iterator[Client]:
    """A client of the cluster at `address`; errors inside the block end the command with their text and exit code."""
    with errors_told(as_json=as_json):
        knock(address)
        # Late, because grpc takes longer to load than the help text to print.
        from asynctask.blocking import Client

        with Client(address) as connected:
            yield connected
