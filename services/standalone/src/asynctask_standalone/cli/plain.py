"""Text and tables that need rich, which is slow to load, only for their colours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from asynctask_core.printable import escaped, one_line

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

UNLIMITED = 10_000
"""Columns when the output is not a terminal: what another program reads must not be cut or wrapped."""

_ALIGNED = 72
"""Width up to which the cells of a column are padded: an id has 36 columns, a state with its warnings more."""
_FOR_RICH = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""Control characters, which rich changes."""


class StyledText:
    """Text in parts, each with or without a style."""

    def __init__(self, *parts: str | tuple[str, str]) -> None:
        self._parts = tuple((part, "") if isinstance(part, str) else part for part in parts)

    def __add__(self, other: StyledText) -> StyledText:
        return StyledText(*self._parts, *other._parts)

    def __rich__(self) -> Text:
        from rich.text import Text

        return Text.assemble(*self._parts)

    @property
    def plain(self) -> str:
        """The text alone."""
        return "".join(text for text, _ in self._parts)


class HintText(StyledText):
    """A sentence after a sign; on a terminal each command in it stays on one line, if it fits, to be copied."""

    def __init__(self, sentence: str) -> None:
        super().__init__(("! ", "bold yellow"), sentence)
        self._sentence = sentence

    def __rich__(self) -> RenderableType:  # type: ignore[override] - whatever rich can draw
        from asynctask_standalone.cli.hints import FittingHint

        return FittingHint(self._sentence)


class TextTable:
    """A plain table; see `output.table`."""

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[RenderableType | StyledText]],
        *,
        right: Sequence[str],
        whole: Sequence[str],
        optional: Sequence[str],
        below: Sequence[str] = (),
    ) -> None:
        self._columns = columns
        self._rows = rows
        self._right = right
        self._whole = whole
        self._optional = optional
        self._below = below

    def __rich__(self) -> RenderableType:
        from asynctask_standalone.cli.fitting import FittingTable
        from asynctask_standalone.cli.output import cell

        rows = [
            [cell(one.__rich__() if isinstance(one, StyledText) else one) for one in row]
            for row in self._rows
        ]
        return FittingTable(
            self._columns,
            rows,
            right=self._right,
            whole=self._whole,
            optional=self._optional,
            below=[one_line(text) for text in self._below],
        )

    @property
    def plain(self) -> str | None:
        """The table for programs, see `aligned`; None if a cell is more than text."""
        rows: list[list[str]] = []
        for row in self._rows:
            texts = [_text(one) for one in row]
            if None in texts:
                return None
            rows.append([text or "" for text in texts])
        return aligned(self._columns, rows, self._right)


def aligned(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str]) -> str:
    """A table for an output that is not a terminal: a line for each row, two blanks between columns, nothing cut.

    Columns are aligned, but a cell longer than `_ALIGNED` moves only the rest of its own row. No blanks follow the last
    word of a row.
    """
    from rich.cells import cell_len  # a small part of rich: how wide a character is

    lines = [list(columns), *([one_line(text) for text in row] for row in rows)]
    widths = [
        max(1, *(width for width in map(cell_len, column) if width <= _ALIGNED))
        for column in zip(*lines, strict=True)
    ]
    drawn: list[str] = []
    for line in lines:
        cells: list[str] = []
        for column, text, width in zip(columns, line, widths, strict=True):
            blank = " " * (width - cell_len(text))
            cells.append(blank + text if column in right else text + blank)
        drawn.append("  ".join(cells).rstrip(" "))
    return "\n".join(drawn)


def plain_text(values: Sequence[object], sep: str) -> str | None:
    """What rich would write without colours and with unlimited width; None if rich itself must write it."""
    texts = [_text(one) for one in values]
    if None in texts:
        return None
    text = escaped(sep.join(one or "" for one in texts))
    if _FOR_RICH.search(text) or any(len(line) * 2 > UNLIMITED for line in text.split("\n")):
        return None
    return text


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    return value.plain if isinstance(value, StyledText | TextTable) else None
