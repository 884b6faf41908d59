"""Crop a list to the rows of the terminal: what is redrawn in place must never be higher than the screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text


def cropped(console: Console, views: Sequence[RenderableType], rows: int) -> list[RenderableType]:
    """The first views that fit into `rows`, then a line that says how many more there are."""
    used = 0
    for count, view in enumerate(views):
        height = len(console.render_lines(view, pad=False))
        left = len(views) - count
        if used + height > rows - (1 if left > 1 else 0):
            if count:
                return [*views[:count], _more(left)]
            # Even the first one alone is too high.
            return [FirstLines(view, rows - 1), *([_more(left - 1)] if left > 1 else [])]
        used += height
    return list(views)


class FirstLines:
    """The first lines of something that is higher than the terminal."""

    def __init__(self, content: RenderableType, rows: int) -> None:
        self._content = content
        self._rows = max(1, rows)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in console.render_lines(self._content, options, pad=False)[: self._rows]:
            yield from line
            yield Segment.line()


def _more(count: int) -> Text:
    return Text(f"… and {count} more", "bright_black")
