"""The console of rich through which the command line writes what has colours or must fit a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO, cast

from rich.console import Console, ConsoleDimensions
from rich.segment import Segment

from asynctask_core.printable import escaped
from asynctask_standalone.cli.plain import UNLIMITED


class EscapingConsole(Console):
    """Checks at each write what kind of stream it writes to, since a program may redirect the stream."""

    @Console.size.getter
    def size(self) -> ConsoleDimensions:
        found = super().size
        return found if self.is_terminal else ConsoleDimensions(UNLIMITED, found.height)

    def _render_buffer(self, buffer: Iterable[Segment]) -> str:
        # Rich detects colours only once, when it makes a console.
        self._color_system = self._detect_color_system()
        shown = [one if one.control else one._replace(text=escaped(one.text)) for one in buffer]
        encoding = cast("TextIO", self.file).encoding or "utf-8"
        # Not every encoding has every character.
        return super()._render_buffer(shown).encode(encoding, "backslashreplace").decode(encoding)


def open_console(*, to_stderr: bool) -> Console:
    """A console of stdout or stderr."""
    # No markup: rich would read it in the names and messages of tasks. Coloured text is a `Text` here.
    return EscapingConsole(stderr=to_stderr, highlight=False, soft_wrap=False, markup=False, emoji=False)
