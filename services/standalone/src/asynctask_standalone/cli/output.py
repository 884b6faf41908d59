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
"""Variables that make rich use colours although the output is not a terminal."""

REACTS_S = 5
"""Seconds after which a handler that still runs is said not to have reacted to a pause or a cancel."""

WIDE = 100
"""Width from which on tables show all columns."""

_STATE_STYLES = {
    "pending": ("◷", "yellow"),
    "queued": ("◌", "cyan"),
    "running": ("●", "bold blue"),
    "awaiting_approval": ("◇", "magenta"),
    "paused": ("‖", "yellow"),
    "completed": ("✔", "green"),
    "failed": ("✘", "bold red"),
    "cancelled": ("⊘", "bright_black"),
    # States that only attempts, stages or items have.
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
    """Stdout or stderr: written without rich (which is slow to load) for programs, and with rich for people."""

    def __init__(self, *, to_stderr: bool) -> None:
        self._to_stderr = to_stderr

    @cached_property
    def console(self) -> Console:
        """The stream's rich console, for output that is redrawn or needs colours."""
        from asynctask_standalone.cli.console import open_console

        return open_console(to_stderr=self._to_stderr)

    @property
    def is_terminal(self) -> bool:
        """Whether it is a terminal."""
        return not self._is_plain and self.console.is_terminal

    @property
    def width(self) -> int:
        """Columns of the terminal; `UNLIMITED` if it is none."""
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
        """Whether it is UTF-8 without colours. Checked each time, since the stream may be redirected."""
        if _FORCED & os.environ.keys() or self._file.isatty():
            return False
        return codecs.lookup(self._file.encoding or "utf-8").name == "utf-8"


stdout = Output(to_stderr=False)
stderr = Output(to_stderr=True)


def print_json(value: object, *, to_stderr: bool = False) -> None:
    """Write one line of JSON and flush it, since its reader may wait for it; UTF-8 in every locale."""
    file = sys.stderr if to_stderr else sys.stdout
    is_utf8 = codecs.lookup(file.encoding or "utf-8").name == "utf-8"
    print(json_text(value) if is_utf8 else json.dumps(value), file=file, flush=True)


def json_text(value: object, *, indent: int | None = None) -> str:
    """JSON that escapes invisible characters, those that some readers end a line at, and those that are not UTF-8."""
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
    below: Sequence[str] = (),
    empty: str,
) -> StyledText | TextTable:
    """A plain table, or `empty` if there are no rows.

    Args:
        columns: the heads.
        rows: a cell for each column.
        right: columns that are aligned to the right, such as numbers.
        whole: columns that are never wrapped; the first column is one of them.
        optional: columns that a narrow terminal leaves out, the first one first.
        below: for each row a text on a line of its own, or an empty one; only on a terminal.
        empty: what is shown if there are no rows.
    """
    if not rows:
        return StyledText((empty, "bright_black"))
    return TextTable(columns, rows, right=right, whole=whole, optional=optional, below=below)


def cell(value: RenderableType) -> RenderableType:
    """A text of a table on one line: a second line in the first column would look like a row."""
    from rich.text import Text

    if isinstance(value, str):
        return one_line(value)
    return Text(one_line(value.plain)) if isinstance(value, Text) and "\n" in value.plain else value


def state_text(state: str, detail: str = "") -> Text:
    """A state in its colour, with what it waits for or what was asked of it."""
    return state_words(state, detail).__rich__()


def state_words(state: str, detail: str = "", more: str = "") -> StyledText:
    """The same for the cell of a table; `more` directly follows the state."""
    sign, style = _STATE_STYLES.get(state, ("", ""))
    words = StyledText((f"{sign} {state}{more}", style))
    return words + StyledText((f" ({detail})", "bright_black")) if detail else words


def task_state(task: TaskInfo, *, is_unserved: bool = False) -> Text:
    """The state of a task in words: `running (cancel asked)`, `pending (retry)`, `completed, 51 skipped`.

    Args:
        task: the task.
        is_unserved: the task could start, but no executor runs it.
    """
    return task_state_words(task, is_unserved=is_unserved).__rich__()


def task_state_words(task: TaskInfo, *, is_unserved: bool = False, has_percent: bool = False) -> StyledText:
    """The same for the cell of a table; with the percentage if the table has no column for it: `running 56%`."""
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
    # It must differ from a plain success even without colours.
    if str(task.state) == "completed":
        return StyledText((f"! completed{said}", "yellow"))
    return words + StyledText((said, "yellow"))


def task_percent(task: TaskInfo) -> str:
    """How much of a task is done, for people."""
    return percent_text(task.percent, has_failed=str(task.state) in ("failed", "cancelled"))


def asked(task: TaskInfo, now: datetime | None = None) -> str:
    """What was asked of a running task; after a few seconds also for how long it has not reacted."""
    since = task.requested_time
    if since is None or ((now or datetime.now(UTC)) - since).total_seconds() < REACTS_S:
        return f"{task.requested} asked"
    return f"{task.requested} asked {age(since, now)}, has not reacted"


def failure_text(failure: FailureInfo) -> str:
    """A failure's message after its name: the class of an unexpected exception, otherwise the reason. A message that
    the handler gave with Fail, Postpone or RetryLater has no name before it.
    """
    message = failure_message(failure)
    named = f"{failure_name(failure.reason, failure.error_type)}: {message}"
    return message if _is_unnamed(failure.reason) and on_purpose(failure) else named


def failure_name(reason: str, error_type: str) -> str:
    """What a failure is called: its reason, or the class of an exception that the handler did not raise on purpose."""
    from asynctask._handler.failures import ON_PURPOSE

    return error_type if _is_unnamed(reason) and error_type and error_type not in ON_PURPOSE else reason


def _is_unnamed(reason: str) -> bool:
    """Whether a reason only says that the handler raised."""
    from asynctask.errors import HandlerError

    return reason == HandlerError.reason


def failure_message(failure: FailureInfo) -> str:
    """A failure's message, with commands as they are typed here; executors in other languages may send none."""
    return as_called_here(failure.message.strip()) or "no message"


def on_purpose(failure: FailureInfo) -> bool:
    """Whether the handler raised Fail, Postpone or RetryLater, whose names mean nothing to people."""
    from asynctask._handler.failures import ON_PURPOSE

    return failure.error_type in ON_PURPOSE


def bar(percent: float, width: int = 16) -> StyledText:
    """A progress bar in text, for tables; readable without colours too."""
    full = round(width * min(max(percent, 0.0), 100.0) / 100)
    return StyledText(
        ("━" * full, "green" if percent >= 100 else "blue"), ("─" * (width - full), "bright_black")
    )
