"""The console of rich through which the command line writes what has colours or must fit a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO, cast

from rich.console import Console, ConsoleDimensions
from rich.segment import Segment

from asynctask_core.printable import escaped
from asynctask_standalone.cli.plain import UNLIMITED


class EscapingConsole(Console):
    """Suits what it writes to now, which may differ from when it was made: a program may redirect the stream."""

    @Console.size.getter
    def size(self) -> ConsoleDimensions:
        found = super().size
        return found if self.is_terminal else ConsoleDimensions(UNLIMITED, found.height)

    def _render_buffer(self, buffer: Iterable[Segment]) -> str:
        # Rich looks once, when a console is made.
        self._color_system = self._detect_color_system()
        shown = [one if one.control else one._replace(text=escaped(one.text)) for one in buffer]
        encoding = cast("TextIO", self.file).encoding or "utf-8"
        # Not every locale has every sign.
        return super()._render_buffer(shown).encode(encoding, "backslashreplace").decode(encoding)


def open_console(*, to_stderr: bool) -> Console:
    """A console of stdout or stderr."""
    # No markup: what tasks are called and say would be taken for it. What has colours here is a Text.
    return EscapingConsole(stderr=to_stderr, highlight=False, soft_wrap=False, markup=False, emoji=False)
