"""Words about the warnings of a task, which its handlers gave without stopping it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from asynctask_core.printable import one_line
from asynctask_standalone.cli.wording import as_called_here, command

if TYPE_CHECKING:
    from rich.text import Text

    from asynctask import TaskInfo, WarningInfo

_WHAT_BECAME = (" not ", " failed", " skipped")
"""Parts of a code after a plural noun: `MODES_NOT_KEPT`, `ITEMS_FAILED`."""
_MOST = 3
"""Codes that one line names."""


def warning_words(counts: Mapping[str, int]) -> str:
    """`51 skipped, 2 source changed`: the most frequent codes in words, and how many more there are."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    said = [counted(code, count) for code, count in ordered[:_MOST]]
    rest = sum(count for _, count in ordered[_MOST:])
    return ", ".join([*said, f"{rest:,} other"] if rest else said)


def counted(code: str, count: int) -> str:
    """A code and its count as people say it: `2 source changed`, `1 item failed`, `1 mode not kept`."""
    words = code.lower().replace("_", " ")
    if count == 1:
        for became in _WHAT_BECAME:
            things, found, rest = words.partition(became)
            if found and things.endswith("s") and not things.endswith(("ss", "us")):
                words = things[:-1] + found + rest
    return f"{count:,} {words}"


def warning_lines(warnings: Iterable[WarningInfo]) -> list[Text]:
    """A line for each warning code, with its stage and text; if it was given several times, with the latest text."""
    from rich.text import Text

    return [Text(_line(one), "yellow") for one in warnings]


def _line(warning: WarningInfo) -> str:
    line = f"{counted(warning.code, warning.count)} in {warning.stage}"
    if not warning.text.strip():
        return line
    latest = ", latest" if warning.count > 1 else ""
    return f"{line}{latest}: {as_called_here(one_line(warning.text))}"


def warning_note(task: TaskInfo) -> Text:
    """The warnings of a completed task, and the command that shows more."""
    from rich.text import Text

    where = command(f"get {task.task_id}")
    return Text.assemble(
        ("! ", "bold yellow"),
        f"{task.task_id}: completed, but {warning_words(task.warning_counts)}: see {where}",
    )
