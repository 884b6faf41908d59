"""How a hint fits a terminal."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from asynctask_standalone.cli.plain import UNLIMITED
from asynctask_standalone.cli.shortening import wrapped

_SIGN = "! "


class FittingHint:
    """A sentence after a sign, wrapped between words and around commands."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        is_limited = options.max_width < UNLIMITED
        # The sign is on the first line only, but every line leaves room for it.
        said = wrapped(self._sentence, options.max_width - len(_SIGN)) if is_limited else self._sentence
        yield Text.assemble((_SIGN, "bold yellow"), said)
