"""Reports to people on a terminal that may be gone, full or unable to show a character.

A text that cannot be shown is dropped, since it is in the logs too. Reporting must not fail: the same code reads the
pipe of a service (which blocks once its pipe is full), or starts a part again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from asynctask_standalone.supervisor.keeper import Witness

CANNOT_BE_SHOWN: Final = (OSError, ValueError)
"""A broken pipe, a terminal that is gone, a full disk; a character that the encoding lacks, a closed file."""


class LenientWitness:
    """Passes every call on to another witness, and ignores its failures to write."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    def starting(self, name: str) -> None:
        with suppress(*CANNOT_BE_SHOWN):
            self._witness.starting(name)

    def started(self, name: str, address: str, seconds: float) -> None:
        with suppress(*CANNOT_BE_SHOWN):
            self._witness.started(name, address, seconds)

    def ended(self, name: str, how: str, again_in_s: float) -> None:
        with suppress(*CANNOT_BE_SHOWN):
            self._witness.ended(name, how, again_in_s)

    def noticed(self, name: str, what: str, *, is_well: bool) -> None:
        with suppress(*CANNOT_BE_SHOWN):
            self._witness.noticed(name, what, is_well=is_well)

    def stopping(self, name: str) -> None:
        with suppress(*CANNOT_BE_SHOWN):
            self._witness.stopping(name)


def lenient(echo: Callable[[str, bytes], None]) -> Callable[[str, bytes], None]:
    """The same for a function that prints log lines."""

    def show(part: str, line: bytes) -> None:
        with suppress(*CANNOT_BE_SHOWN):
            echo(part, line)

    return show
