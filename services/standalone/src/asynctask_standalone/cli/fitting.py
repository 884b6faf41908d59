"""How a table fits a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from asynctask_standalone.cli.plain import UNLIMITED, aligned
from asynctask_standalone.cli.shortening import title_cut

_GAP = 2
"""Blanks between two columns."""
_ROOM = 12
"""Columns in which a text that is wrapped can still be read."""
_AT_EASE = 24
"""Width that a text gets at least while optional columns are shown."""
_SHORT = 20
"""A text up to this width needs only the room for its longest word; longer words, such as paths, may be broken."""
_SIGN = re.compile(r"\S \S+")
"""A state's sign and word, which are not separated."""
_TO_COPY = 40
"""An id or a name up to this length is never wrapped, so that people can copy it; a path may be longer."""


class FittingTable:
    """A plain table that fits every width. It wraps texts between words, and breaks only long paths anywhere. If a
    column would be too narrow for its words or ids, each row becomes a paragraph with one line per column.

    The `optional` columns are left out first, one after the other. The texts `below` have a line of their own under
    their rows, cut in the middle; they are empty or one per row.
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[RenderableType]],
        *,
        right: Sequence[str],
        whole: Sequence[str],
        optional: Sequence[str],
        below: Sequence[str] = (),
    ) -> None:
        self._columns = columns
        self._rows = rows
        self._right = right
        self._whole = {columns[0], *right, *whole}
        self._optional = optional
        self._below = below if any(below) else ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if options.max_width >= UNLIMITED and (texts := self._texts()) is not None:
            for line in aligned(self._columns, texts, self._right).split("\n"):
                yield Text(line, no_wrap=True, overflow="ignore")
            return
        needs = self._needs(console, options)
        kept = list(range(len(needs)))
        left_out = iter(self._optional)
        while True:
            room = options.max_width - _GAP * (len(kept) - 1)
            has_optional = any(self._columns[at] in self._optional for at in kept)
            tried = [needs[at] for at in kept]
            if has_optional:  # do not squeeze a text for an optional column
                tried = [(max(least, min(best, _AT_EASE)), best) for least, best in tried]
            widths = _widths(tried, room)
            if widths is not None:
                yield self._grid(kept, widths, options.max_width)
                return
            if not has_optional:
                yield from self._paragraphs(kept)
                return
            without = next(left_out)
            kept = [at for at in kept if self._columns[at] != without]

    def _grid(self, kept: Sequence[int], widths: Sequence[int], room: int) -> RenderableType:
        if not self._below:
            return self._table(kept, widths, self._rows)
        # A cell cannot span columns, so each row is a table of its own.
        parts: list[RenderableType] = [self._table(kept, widths, ())]
        for row, text in zip(self._rows, self._below, strict=True):
            parts.append(self._table(kept, widths, (row,), has_head=False))
            if text:
                parts.append(Text(f"  {title_cut(text, room - 2)}"))
        return Group(*parts)

    def _table(
        self,
        kept: Sequence[int],
        widths: Sequence[int],
        rows: Sequence[Sequence[RenderableType]],
        *,
        has_head: bool = True,
    ) -> Table:
        grid = Table(
            box=SIMPLE_HEAD,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            header_style="bright_black",
            show_header=has_head,
        )
        for at, width in zip(kept, widths, strict=True):
            column = self._columns[at]
            justify = "right" if column in self._right else "left"
            grid.add_column(column, justify=justify, width=width, overflow="fold")
        for row in rows:
            grid.add_row(*(row[at] for at in kept))
        return grid

    def _texts(self) -> list[list[str]] | None:
        """Every cell without its colours; None where one is more than text."""
        if not all(isinstance(one, str | Text) for row in self._rows for one in row):
            return None
        return [[one.plain if isinstance(one, Text) else str(one) for one in row] for row in self._rows]

    def _needs(self, console: Console, options: ConsoleOptions) -> list[tuple[int, int]]:
        """The least and the best width of each column."""
        endless = options.update(width=UNLIMITED)
        needs: list[tuple[int, int]] = []
        for column, cells in zip(self._columns, zip(*self._rows, strict=True), strict=True):
            found = [Measurement.get(console, endless, one) for one in cells]
            head = max(map(cell_len, column.split()))
            signed = (cell_len(start[0]) for one in cells if (start := _SIGN.match(str(one))))
            word, text = max((*(one.minimum for one in found), *signed)), max(one.maximum for one in found)
            best = max(text, cell_len(column))
            if column in self._whole and text <= _TO_COPY:
                least = max(text, head)
            elif best <= _SHORT:
                least = max(word, head)
            else:
                least = min(best, max(_ROOM, head, min(word, _SHORT)))
            needs.append((least, best))
        return needs

    def _paragraphs(self, kept: Sequence[int]) -> RenderResult:
        for row, text in zip(self._rows, self._below or ("",) * len(self._rows), strict=True):
            grid = Table.grid(padding=(0, 2, 0, 0))
            grid.add_column(style="bright_black", no_wrap=True)
            grid.add_column(overflow="fold")
            for at in kept:
                if row[at]:  # an empty text says nothing
                    grid.add_row(self._columns[at], row[at])
            yield grid
            if text:
                yield Text(text, overflow="fold")
            yield Text()


def _widths(needs: Sequence[tuple[int, int]], room: int) -> list[int] | None:
    """The width of each column: its best width, or less if the others need room; None if not all fit."""
    widths = [least for least, _ in needs]
    left = room - sum(widths)
    if left < 0:
        return None
    waiting = sorted(range(len(needs)), key=lambda at: needs[at][1] - needs[at][0])
    for count, at in enumerate(waiting):
        more = min(needs[at][1] - needs[at][0], left // (len(waiting) - count))
        widths[at] += more
        left -= more
    return widths
