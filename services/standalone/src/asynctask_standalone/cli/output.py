"""Where output goes: tables for people on stdout, JSON for machines on stdout, everything else on stderr."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO, cast

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleDimensions, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from asynctask_core.printable import escaped, one_line
from asynctask_standalone.cli.wording import age, is_unicode, percent_text

if TYPE_CHECKING:
    from asynctask import FailureInfo, TaskInfo

_UNLIMITED = 10_000
"""Columns when the output is not a terminal: what another program reads must not be cut or wrapped."""

REACTS_S = 5
"""Seconds after which a handler that still runs is said not to have reacted to a pause or a cancel."""

WIDE = 100
"""Columns from which on tables show everything."""
_ROOM = 12
"""Columns in which a text that is wrapped can still be read."""
_TO_COPY = 40
"""Characters of an id or a name that is never wrapped, since it is there to be copied; a path may be longer."""

_STATE_STYLES = {
    "pending": ("◷", "yellow"),
    "queued": ("◌", "cyan"),
    "running": ("●", "bold blue"),
    "awaiting_approval": ("◇", "magenta"),
    "paused": ("‖", "yellow"),
    "completed": ("✔", "green"),
    "failed": ("✘", "bold red"),
    "cancelled": ("⊘", "bright_black"),
    # Of attempts, stages and items, where they differ.
    "success": ("✔", "green"),
    "done": ("✔", "green"),
    "lost": ("✘", "red"),
    "undelivered": ("✘", "red"),
    "released": ("↩", "yellow"),
    "waiting": ("·", "bright_black"),
    "todo": ("·", "cyan"),
    "skipped": ("→", "yellow"),
    "excluded": ("⊘", "bright_black"),
}


class _Console(Console):
    """Suits what it writes to now, whatever that was when this module was loaded: somebody may redirect the stream."""

    @Console.size.getter
    def size(self) -> ConsoleDimensions:
        found = super().size
        return found if self.is_terminal else ConsoleDimensions(_UNLIMITED, found.height)

    def _render_buffer(self, buffer: Iterable[Segment]) -> str:
        # Rich looks once, when a console is made.
        self._color_system = self._detect_color_system()
        shown = [one if one.control else one._replace(text=escaped(one.text)) for one in buffer]
        encoding = cast("TextIO", self.file).encoding or "utf-8"
        # Of a path that is no UTF-8 there are lone surrogates, and not every locale has every sign.
        return super()._render_buffer(shown).encode(encoding, "backslashreplace").decode(encoding)


def _console(*, to_stderr: bool) -> Console:
    # No markup: what tasks are called and say would be taken for it. What has colours here is a Text.
    return _Console(stderr=to_stderr, highlight=False, soft_wrap=False, markup=False, emoji=False)


stdout = _console(to_stderr=False)
stderr = _console(to_stderr=True)


def print_json(value: object, *, to_stderr: bool = False) -> None:
    """One line of JSON, at once: its reader may be waiting for it. It is UTF-8, whatever the locale."""
    file = sys.stderr if to_stderr else sys.stdout
    text = json.dumps(value, ensure_ascii=False)
    if escaped(text) != text:  # some readers end a line at U+2028, and people look at JSON on terminals too
        text = "".join(one if escaped(one) == one else json.dumps(one)[1:-1] for one in text)
    if codecs.lookup(file.encoding or "utf-8").name != "utf-8" or not is_unicode(text):
        text = json.dumps(value)
    print(text, file=file, flush=True)


def table(
    *columns: str,
    rows: Sequence[Sequence[RenderableType]],
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
    empty: str,
) -> RenderableType:
    """A plain table; `right` names columns of numbers, `whole` those that are not wrapped while there is room for the
    others, as the first is not; `empty` is said when there is no row.
    """
    if not rows:
        return Text(empty, style="bright_black")
    return FittingTable(columns, [[cell(value) for value in row] for row in rows], right, whole)


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
        unwrapped = set(self._columns)
        if options.max_width < _UNLIMITED:
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

    def _widths(self, console: Console, options: ConsoleOptions) -> Mapping[str, int]:
        """How wide each column would like to be."""
        endless = options.update(width=_UNLIMITED)
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
        room -= len(widths) - 1  # a blank between each two
        first = self._columns[0]
        kept = {first, *self._right, *self._whole}
        while kept and sum(widths[one] if one in kept else min(widths[one], _ROOM) for one in widths) > room:
            others = kept - {first}
            if widths[first] > _TO_COPY and first in kept:
                kept.remove(first)
            elif others:
                kept.remove(max(others, key=lambda one: widths[one]))
            else:
                break
        return kept


def cell(value: RenderableType) -> RenderableType:
    """A text of a table on one line: a second one in the first column would pass for a row."""
    if isinstance(value, str):
        return one_line(value)
    return Text(one_line(value.plain)) if isinstance(value, Text) and "\n" in value.plain else value


def state_text(state: str, detail: str = "") -> Text:
    """A state in its colour, with what it waits for or what was asked of it."""
    sign, style = _STATE_STYLES.get(state, ("", ""))
    text = Text.assemble((f"{sign} {state}", style))
    return text.append(f" ({detail})", "bright_black") if detail else text


def task_state(task: TaskInfo) -> Text:
    """The state of a task in words: `running (cancel asked)`, `pending (retry)`, `completed, 51 skipped`."""
    from asynctask_standalone.cli.warned import warning_words

    detail = asked(task) if task.requested else str(task.waiting_for or "").replace("_", " ")
    text = state_text(str(task.state), detail)
    if not task.warning_count:
        return text
    said = f", {warning_words(task.warning_counts)}"
    # A plain success looks otherwise, without colours too.
    return (
        Text(f"! completed{said}", "yellow")
        if str(task.state) == "completed"
        else text.append(said, "yellow")
    )


def task_percent(task: TaskInfo) -> str:
    """How much of a task is done, for people."""
    return percent_text(task.percent, has_failed=str(task.state) in ("failed", "cancelled"))


def asked(task: TaskInfo, now: datetime | None = None) -> str:
    """What was asked of a running task; after a few seconds also since when it has not reacted."""
    since = task.requested_time
    if since is None or ((now or datetime.now(UTC)) - since).total_seconds() < REACTS_S:
        return f"{task.requested} asked"
    return f"{task.requested} asked {age(since, now)}, has not reacted"


def failure_text(failure: FailureInfo) -> str:
    """A failure's message after what it is called: an exception that nobody foresaw by its class, everything else by
    its reason. What a handler says with Fail, Postpone or RetryLater stands alone.
    """
    from asynctask.errors import HandlerError

    if failure.reason != HandlerError.reason or not failure.error_type:
        return f"{failure.reason}: {failure.message}"
    return failure.message if on_purpose(failure) else f"{failure.error_type}: {failure.message}"


def on_purpose(failure: FailureInfo) -> bool:
    """Whether the handler said so itself, with Fail, Postpone or RetryLater: their names tell people nothing."""
    from asynctask._handler.failures import ON_PURPOSE

    return failure.error_type in ON_PURPOSE


def bar(percent: float, width: int = 16) -> Text:
    """A bar in text, for tables; it can be read without colours too."""
    full = round(width * min(max(percent, 0.0), 100.0) / 100)
    return Text.assemble(
        ("━" * full, "green" if percent >= 100 else "blue"), ("─" * (width - full), "bright_black")
    )
