"""The client of one command, and the context in which its errors are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from asynctask_standalone.cli.exits import Exit, Refused, errors_told
from asynctask_standalone.cli.output import up_command
from asynctask_standalone.supervisor.ports import somebody_answers, split_address

if TYPE_CHECKING:
    from asynctask.blocking import Client


@contextmanager
def client(address: str, *, as_json: bool) -> Iterator[Client]:
    """A client of the cluster at `address`; errors inside the block end the command with their text and exit code."""
    with errors_told(as_json=as_json):
        _knock(address)
        # Late, because grpc takes longer to load than the help text to print.
        from asynctask.blocking import Client

        with Client(address) as connected:
            yield connected


def _knock(address: str) -> None:
    """Make sure that somebody is there: the client itself is patient, a person at a prompt is not.

    Raises:
        Refused: nobody listens at any of the addresses; the message says what to do.
    """
    try:
        addresses = [split_address(one.strip()) for one in address.split(",")]
    except ValueError as error:
        raise Refused(Exit.USAGE, "INVALID_INPUT", str(error)) from None
    if not somebody_answers(addresses):
        start = f"Start a cluster with `{up_command()}`"
        hint = f"{start}, or name another address with --address or ASYNCTASK_ADDRESS"
        raise Refused(Exit.UNAVAILABLE, "STORE_UNAVAILABLE", f"nothing answers at {address}. {hint}")
