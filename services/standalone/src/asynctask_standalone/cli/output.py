"""Where output goes: tables for people on stdout, JSON for machines on stdout, everything else on stderr."""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from asynctask_core.printable import escaped, one_line
from asynctask_standalone.cli.due import is_due
from asynctask_standalone.cli.plain import UNLIMITED, StyledText, TextTable, plain_text
from asynctask_standalone.cli.wording import age, as_called_here, percent_text

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from asynctask import FailureInfo, TaskInfo

_FORCED = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE"})
"""Variables by which people ask rich for the colours of a terminal where there is none."""

REACTS_S = 5
"""Seconds after which a handler that still runs is said not to have reacted to a pause or a cancel."""

WIDE = 100
"""Columns from which on tables show everything."""

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


class Output:
    """A stream of this process: for programs drawn without rich, which is slow to load, for people by its console."""

    def __init__(self, *, to_stderr: bool) -> None:
        self._to_stderr = to_stderr

    @cached_property
    def console(self) -> Console:
        """What rich calls the stream; for what is drawn anew again and again, and whatever needs colours."""
        from asynctask_standalone.cli.console import open_console

        return open_console(to_stderr=self._to_stderr)

    @property
    def is_terminal(self) -> bool:
        """Whether people look at it."""
        return not self._is_plain and self.console.is_terminal

    @property
    def width(self) -> int:
        """Columns that there are."""
        return UNLIMITED if self._is_plain else self.console.width

    def print(
        self, *values: RenderableType | StyledText | TextTable, sep: str = " ", style: str = ""
    ) -> None:
        """Write a line, a text or a table."""
        text = plain_text(values, sep) if self._is_plain else None
        if text is None:
            self.console.print(*values, sep=sep, style=style or None)
            return
        self._file.write(f"{text}\n")
        self._file.flush()

    @property
    def _file(self) -> TextIO:
        return sys.stderr if self._to_stderr else sys.stdout

    @property
    def _is_plain(self) -> bool:
        """Whether it is UTF-8 without colours. Looks each time: somebody may redirect the stream."""
        if _FORCED & os.environ.keys() or self._file.isatty():
            return False
        return codecs.lookup(self._file.encoding or "utf-8").name == "utf-8"


stdout = Output(to_stderr=False)
stderr = Output(to_stderr=True)


def print_json(value: object, *, to_stderr: bool = False) -> None:
    """One line of JSON, at once: its reader may be waiting for it. It is UTF-8, whatever the locale."""
    file = sys.stderr if to_stderr else sys.stdout
    is_utf8 = codecs.lookup(file.encoding or "utf-8").name == "utf-8"
    print(json_text(value) if is_utf8 else json.dumps(value), file=file, flush=True)


def json_text(value: object, *, indent: int | None = None) -> str:
    """JSON with the escapes of JSON for what some readers end a line at, what is not seen, and what is no UTF-8."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if escaped(text) == text:
        return text
    return "".join(one if one == "\n" or escaped(one) == one else json.dumps(one)[1:-1] for one in text)


def table(
    *columns: str,
    rows: Sequence[Sequence[RenderableType | StyledText]],
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
    optional: Sequence[str] = (),
    empty: str,
) -> StyledText | TextTable:
    """A plain table; `right` names columns of numbers, `whole` others that are not wrapped, as the first is not,
    `optional` those that a narrow terminal does without, the first one first; `empty` is said when there is no row.
    """
    if not rows:
        return StyledText((empty, "bright_black"))
    return TextTable(columns, rows, right=right, whole=whole, optional=optional)


def cell(value: RenderableType) -> RenderableType:
    """A text of a table on one line: a second one in the first column would pass for a row."""
    from rich.text import Text

    if isinstance(value, str):
        return one_line(value)
    return Text(one_line(value.plain)) if isinstance(value, Text) and "\n" in value.plain else value


def state_text(state: str, detail: str = "") -> Text:
    """A state in its colour, with what it waits for or what was asked of it."""
    return state_words(state, detail).__rich__()


def state_words(state: str, detail: str = "", more: str = "") -> StyledText:
    """The same for the cell of a table; `more` follows the state at once."""
    sign, style = _STATE_STYLES.get(state, ("", ""))
    words = StyledText((f"{sign} {state}{more}", style))
    return words + StyledText((f" ({detail})", "bright_black")) if detail else words


def task_state(task: TaskInfo, *, is_unserved: bool = False) -> Text:
    """The state of a task in words: `running (cancel asked)`, `pending (retry)`, `completed, 51 skipped`.

    Args:
        task: the task.
        is_unserved: it could start, and is known to have no executor that runs it.
    """
    return task_state_words(task, is_unserved=is_unserved).__rich__()


def task_state_words(task: TaskInfo, *, is_unserved: bool = False, has_percent: bool = False) -> StyledText:
    """The same for the cell of a table, with the percentage where that has none of its own: `running 56%`."""
    from asynctask_standalone.cli.warned import warning_words

    detail = asked(task) if task.requested else str(task.waiting_for or "").replace("_", " ")
    if is_due(task):
        detail += " due"
    if is_unserved:
        detail = f"{detail}, no executor" if detail else "no executor"
    far = f" {task_percent(task)}" if has_percent and task.percent and str(task.state) != "completed" else ""
    words = state_words(str(task.state), detail, far)
    if not task.warning_count:
        return words
    said = f", {warning_words(task.warning_counts)}"
    # A plain success looks otherwise, without colours too.
    if str(task.state) == "completed":
        return StyledText((f"! completed{said}", "yellow"))
    return words + StyledText((said, "yellow"))


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

    message = failure_message(failure)
    if failure.reason != HandlerError.reason or not failure.error_type:
        return f"{failure.reason}: {message}"
    return message if on_purpose(failure) else f"{failure.error_type}: {message}"


def failure_message(failure: FailureInfo) -> str:
    """What a failure says, with commands as they are called here; executors in other languages may say nothing."""
    return as_called_here(failure.message.strip()) or "no message"


def on_purpose(failure: FailureInfo) -> bool:
    """Whether the handler said so itself, with Fail, Postpone or RetryLater: their names tell people nothing."""
    from asynctask._handler.failures import ON_PURPOSE

    return failure.error_type in ON_PURPOSE


def bar(percent: float, width: int = 16) -> StyledText:
    """A bar in text, for tables; it can be read without colours too."""
    full = round(width * min(max(percent, 0.0), 100.0) / 100)
    return StyledText(
        ("━" * full, "green" if percent >= 100 else "blue"), ("─" * (width - full), "bright_black")
    )
