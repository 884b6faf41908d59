"""One task for people: everything that is known about it, on one screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.highlighter import JSONHighlighter
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from asynctask_core.printable import indented, one_line
from asynctask_core.remedies import INTENDED, remedy_for
from asynctask_core.task_title import TITLE_LABEL
from asynctask_standalone.cli.due import is_due, overdue, soon
from asynctask_standalone.cli.output import (
    cell,
    failure_message,
    failure_name,
    failure_text,
    json_text,
    on_purpose,
    state_text,
    table,
    task_percent,
    task_state,
)
from asynctask_standalone.cli.plain import UNLIMITED
from asynctask_standalone.cli.shortening import wrapped
from asynctask_standalone.cli.stage_bars import StageBars
from asynctask_standalone.cli.waiting import STOPS
from asynctask_standalone.cli.warned import warning_lines
from asynctask_standalone.cli.wording import age, command, local, span, title_of

if TYPE_CHECKING:
    from asynctask import AttemptInfo, FailureInfo, TaskInfo

_COMMAND = re.compile(r"`((?:asynctask|restart)\b[^`]*)`")
"""A command in a remedy; remedies write `asynctask restart ID` as `restart`."""
_THEN_RESTART = re.compile(r"[,;.]? [Tt]hen `restart[^`]*`\.$")
"""The end of a remedy that only fits tasks that have ended: others go on by themselves."""
_SEEN_HERE = " (`asynctask get ID`)"
"""Part of a remedy that is left out, since `get` shows those facts beside the remedy."""
_ADVICE_WIDTH = 100
"""Columns after which advice is wrapped."""
_FRAME = 6
"""Columns of the frame around a task and the blanks inside it."""
_LONG = 4000
"""Characters of JSON or traceback that are shown; --json has all of them."""

_ENDED = {
    "success": "succeeded",
    "running": "running",
    "failed": "failed",
    "lost": "lost",
    "undelivered": "undelivered",
    "released": "given back",
    "paused": "paused",
    "cancelled": "cancelled",
}
"""How attempts ended, in the order in which they are counted."""
_WHY = {
    "lost": "its executor sent nothing for a whole lease",
    "undelivered": "it never reached its executor",
    "released": "its executor gave it back unfinished: it was stopped, or could not reach the scheduler",
    "paused": "a pause was asked for; it stopped at a safe point",
    "cancelled": "a cancel was asked for",
}


def task_panel(
    task: TaskInfo,
    attempts: Sequence[AttemptInfo] = (),
    *,
    is_unserved: bool = False,
) -> RenderableType:
    """State, times, stages, config, result and failure of one task.

    Args:
        task: the task.
        attempts: its whole history, where it had more than one.
        is_unserved: it could start, and no connected executor runs it.
    """
    return FramedTask(task, partial(_content, task, attempts, is_unserved))


class FramedTask:
    """A frame with the type and the id of a task as its title, or the id alone if both do not fit, or no title.

    If the output is not a terminal, there is no frame, since it would be as wide as the longest line, and no line is
    wrapped.
    """

    def __init__(self, task: TaskInfo, content: Callable[[int], RenderableType]) -> None:
        self._task = task
        self._content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        kind = Text(one_line(self._task.task_type), "bold")
        title = Text.assemble(kind, " ", self._task.task_id)
        if options.max_width >= UNLIMITED:
            yield from (title, Text())
            for line in console.render_lines(self._content(UNLIMITED), options):
                text = "".join(part.text for part in line if not part.control)
                yield Text(text.rstrip(), no_wrap=True, overflow="ignore")
            return
        content = self._content(options.max_width - _FRAME)
        if title.cell_len + len("╭─  ─╮") > options.max_width:
            content, title = Group(kind, Text(), content), Text(self._task.task_id)
        if title.cell_len + len("╭─  ─╮") > options.max_width:
            content, title = Group(title, content), None  # wrapped, since an id that is cut is useless
        yield Panel(
            content,
            title=title,
            title_align="left",
            border_style="bright_black",
            expand=False,
            padding=(1, 2),
        )


def advice(remedy: str, task_id: str, task_type: str) -> str:
    """A remedy of the catalogue as it can be typed here: for this task, and with the command as it is called here."""
    return _COMMAND.sub(lambda found: _typed(found[1], task_id, task_type), remedy)


def attempts_table(attempts: Sequence[AttemptInfo]) -> RenderableType:
    """Who ran a task, for how long, and how it ended."""
    rows = [
        (
            str(attempt.epoch),
            state_text(str(attempt.result) if attempt.result else "running"),
            attempt.executor_id,
            local(attempt.start_time),
            span(attempt.end_time - attempt.start_time) if attempt.end_time and attempt.start_time else "",
            failure_text(attempt.failure) if attempt.failure else _WHY.get(str(attempt.result), ""),
        )
        for attempt in attempts
    ]
    return table(
        "#",
        "ENDED",
        "EXECUTOR",
        "STARTED",
        "TOOK",
        "WHY",
        rows=rows,
        right=("TOOK",),
        whole=("ENDED", "EXECUTOR", "TOOK"),
        empty="Not started yet.",
    )


def _content(
    task: TaskInfo, attempts: Sequence[AttemptInfo], is_unserved: bool, width: int
) -> RenderableType:
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bright_black", no_wrap=True)
    facts.add_column(overflow="fold")
    for name, value in _facts(task, attempts, is_unserved=is_unserved):
        facts.add_row(name, cell(value))
    parts: list[RenderableType] = [facts]
    if task.stages:
        parts += [Text(), StageBars(task.stages, task_state=str(task.state), room=width)]
    for title, value in (("config", task.config), ("result", task.result)):
        if value is not None:
            parts += [Text(f"\n{title}", style="bright_black"), _json(value)]
    if task.failure:
        parts += [
            Text(f"\n{_failure_title(task)}", style="bright_black"),
            _failure(task, task.failure, width),
        ]
    return Group(*parts)


def _facts(
    task: TaskInfo, attempts: Sequence[AttemptInfo], *, is_unserved: bool
) -> list[tuple[str, RenderableType]]:
    state = task_state(task, is_unserved=is_unserved)
    facts: list[tuple[str, RenderableType]] = []
    if title := title_of(task):
        facts.append(("title", Text(title, "bold")))
    facts.append(("status", Text.assemble(state, f"  {task_percent(task)}")))
    if task.requested and task.requested_time:
        facts.append(
            ("asked", f"{task.requested}, {local(task.requested_time)}: {STOPS[str(task.requested)]}")
        )
    if task.due_time:
        facts.append(("due", f"{local(task.due_time)} ({age(task.due_time)})"))
    facts.append(("queue", f"{task.queue}, priority {task.priority}"))
    facts.append(("submitted", f"{local(task.submit_time)} ({age(task.submit_time)})"))
    if task.start_time and task.submit_time:
        waited = span(task.start_time - task.submit_time)
        facts.append(("started", f"{local(task.start_time)}, {waited} after the submit"))
    if task.end_time:
        took = f", took {span(task.end_time - task.start_time)}" if task.start_time else ""
        facts.append(("ended", f"{local(task.end_time)}{took}"))
    if task.executor_id:
        facts.append(("executor", task.executor_id))
    facts.append(("attempts", _attempts_words(task, attempts)))
    if task.run > 1:
        facts.append(("run", str(task.run)))
    if task.warnings:
        facts.append(("warnings", Group(*warning_lines(task.warnings))))
    if labels := {key: value for key, value in task.labels.items() if key != TITLE_LABEL}:
        facts.append(("labels", ", ".join(f"{key}={value}" for key, value in sorted(labels.items()))))
    if task.command_reason.strip():
        facts.append(("reason given", task.command_reason))
    return facts


def _attempts_words(task: TaskInfo, attempts: Sequence[AttemptInfo]) -> str:
    """How many attempts the task had in all runs, and how many of them ended in each way."""
    ended = Counter(str(one.result) if one.result else "running" for one in attempts)
    if len(attempts) <= 1 or set(ended) == {"success"}:
        return str(task.attempt_count)
    kinds = ", ".join(f"{ended[kind]:,} {words}" for kind, words in _ENDED.items() if ended[kind])
    latest = f"of the latest {len(attempts):,}, " if len(attempts) < task.attempt_count else ""
    return f"{task.attempt_count:,}: {latest}{kinds}"


def _typed(text: str, task_id: str, task_type: str) -> str:
    words = text.split()
    if words[0] == "restart":
        words = ["asynctask", "restart", "ID", *words[1:]]
    named = {"ID": task_id, "NAME": task_type}
    return f"`{command(' '.join(named.get(one, one) for one in words[1:]))}`"


def _json(value: object) -> RenderableType:
    text = json_text(value, indent=2)
    if len(text) > _LONG:
        return Text(text[:_LONG] + f"\n… {len(text) - _LONG:,} more characters, see --json")
    # Not rich's own JSON class, which would replace the escapes in the text.
    return JSONHighlighter()(text)


def _failure_title(task: TaskInfo) -> str:
    """The title of a failure. If the task has not ended, it is only the failure of its last attempt."""
    if task.is_final:
        return "failure"
    return "why it waits" if str(task.state) == "pending" else "last failure"


def _failure(task: TaskInfo, failure: FailureInfo, width: int) -> RenderableType:
    where = f" in stage {failure.stage}" if failure.stage else ""
    name = failure_name(failure.reason, failure.error_type)
    kind = f" ({name})" if name != failure.reason else ""
    text = Text.assemble((failure.reason, "bold red"), indented(f"{kind}{where}: {failure_message(failure)}"))
    if on_purpose(failure) and not task.is_final:  # the handler asked to wait: that is no error
        text = Text(indented(f"{failure_text(failure)}{f' (waits{where})' if where else ''}"))
    parts: list[RenderableType] = [text]
    room = width if width >= UNLIMITED else min(width, _ADVICE_WIDTH)
    parts += [Text(wrapped(f"→ {line}", room), "cyan") for line in what_to_do(task, failure)]
    if failure.traceback:
        # Indent the first line like the others, which `indented` indents to mark them as foreign text.
        parts.append(Text(f"    {indented(failure.traceback[-_LONG:].rstrip())}", "bright_black"))
    return Group(*parts)


def what_to_do(task: TaskInfo, failure: FailureInfo) -> list[str]:
    """When the task is tried again, and what the catalogue advises, without a restart if the task has not ended."""
    remedy = remedy_for(failure.reason, intended=on_purpose(failure)).replace(_SEEN_HERE, "")
    if not task.is_final:
        remedy = "" if remedy == INTENDED else _THEN_RESTART.sub(".", remedy)
        if "`restart" in remedy:
            remedy = ""
    said: list[str] = []
    if is_due(task):
        said.append(f"It is {overdue(task)}, and waits for an executor that runs it and has a free slot.")
    elif str(task.state) == "pending" and task.due_time:
        # A wait that the handler asked for needs no action; an error of the handler will happen again.
        when = f"is tried again by itself {soon(task.due_time)}."
        said.append(f"It {when}" if remedy or not on_purpose(failure) else f"Nothing to do: it {when}")
    if remedy:
        said.append(advice(remedy, task.task_id, task.task_type))
    return said
