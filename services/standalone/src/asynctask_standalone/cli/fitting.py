"""How a table fits a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from asynctask_standalone.cli.plain import UNLIMITED, aligned

_ROOM = 12
"""Columns in which a text that is wrapped can still be read."""
_TO_COPY = 40
"""Characters of an id or a name that is never wrapped, since it is there to be copied; a path may be longer."""


class FittingTable:
    """A plain table of which every column stays visible: what is too long for the terminal is wrapped, paths too."""

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[RenderableType]],
        right: Sequence[str],
        whole: Sequence[str],
    ) -> None:
        self._columns = columns
        self._rows = rows
        self._right = right
        self._whole = whole

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if options.max_width >= UNLIMITED and (texts := self._texts()) is not None:
            for line in aligned(self._columns, texts, self._right).split("\n"):
                yield Text(line, no_wrap=True, overflow="ignore")
            return
        unwrapped = self._unwrapped(self._widths(console, options), options.max_width)
        grid = Table(
            box=SIMPLE_HEAD,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            header_style="bright_black",
        )
        for column in self._columns:
            grid.add_column(
                column,
                justify="right" if column in self._right else "left",
                no_wrap=column in unwrapped,
                overflow="fold",
            )
        for row in self._rows:
            grid.add_row(*row)
        yield grid

    def _texts(self) -> list[list[str]] | None:
        """Every cell without its colours; None where one is more than text."""
        if not all(isinstance(one, str | Text) for row in self._rows for one in row):
            return None
        return [[one.plain if isinstance(one, Text) else str(one) for one in row] for row in self._rows]

    def _widths(self, console: Console, options: ConsoleOptions) -> Mapping[str, int]:
        """How wide each column would like to be."""
        endless = options.update(width=UNLIMITED)
        cells = zip(*self._rows, strict=True)
        return {
            column: max(
                [cell_len(column), *(Measurement.get(console, endless, value).maximum for value in values)]
            )
            for column, values in zip(self._columns, cells, strict=True)
        }

    def _unwrapped(self, widths: Mapping[str, int], room: int) -> set[str]:
        """The columns that are not wrapped: all that should not be, but for the widest where others need room.

        What is first identifies the row and is there to be copied, so it gives way last, unless it is a long path.
        """
        room -= 2 * (len(widths) - 1)  # blanks between each two
        first = self._columns[0]
        kept = {first, *self._right, *self._whole} & widths.keys()
        while kept and sum(widths[one] if one in kept else min(widths[one], _ROOM) for one in widths) > room:
            others = kept - {first}
            if widths[first] > _TO_COPY and first in kept:
                kept.remove(first)
            elif others:
                kept.remove(max(others, key=lambda one: widths[one]))
            else:
                break
        return kept
